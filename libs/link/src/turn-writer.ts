import type { Socket } from 'node:net';
import { HEAD_BYTES, writeHead } from './frame';
import { giveSlab, SLAB_BYTES, takeSlab } from './slabs';

/** Collects the frames of one event-loop turn and writes them together, to save a system call per frame. */
export class TurnWriter {
  /** Full buffers, to be written before the slab. */
  private parts: Buffer[] = [];
  private slab: Buffer | undefined;
  private filled = 0;
  private collected = 0;
  /** Parts that were passed to the socket and are not yet written. */
  private underWay = 0;
  private late = false;
  private held = false;

  constructor(
    readonly socket: Socket,
    readonly onWritten: () => void = () => {},
  ) {}

  /** Bytes collected but not yet passed to the socket. */
  get bytes(): number {
    return this.collected;
  }

  /** Writes nothing until `release`. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.flush();
  }

  /** Copies `payload`. */
  add(id: number, code: number, payload: Uint8Array): void {
    if (this.collected === 0) setImmediate(() => this.endTurn());
    const length = HEAD_BYTES + payload.length;
    const [target, at] = this.room(length);
    writeHead(target, at, id, code, payload.length);
    target.set(payload, at + HEAD_BYTES);
    this.collected += length;
  }

  flush(): void {
    this.late = false;
    if (this.held || this.collected === 0) return;
    this.close();
    const parts = this.parts;
    this.parts = [];
    this.collected = 0;
    if (!this.socket.writable) return;
    this.underWay += parts.length;
    this.socket.cork();
    for (const part of parts) this.socket.write(part, () => this.passedOn(part));
    this.socket.uncork();
    this.onWritten();
  }

  /** While a write is in progress, turns share a slab; otherwise each turn would hold a nearly empty one. */
  private endTurn(): void {
    if (this.underWay === 0) this.flush();
    else this.late = true;
  }

  private passedOn(part: Buffer): void {
    giveBack(part);
    this.underWay--;
    if (this.underWay === 0 && this.late) this.flush();
  }

  /** Buffer and offset for the next `length` bytes. */
  private room(length: number): [Buffer, number] {
    if (this.filled + length > SLAB_BYTES) this.close();
    if (length > SLAB_BYTES) {
      const own = Buffer.allocUnsafe(length);
      this.parts.push(own);
      return [own, 0];
    }
    this.slab ??= takeSlab();
    const at = this.filled;
    this.filled += length;
    return [this.slab, at];
  }

  private close(): void {
    if (this.slab) this.parts.push(this.slab.subarray(0, this.filled));
    this.slab = undefined;
    this.filled = 0;
  }
}

function giveBack({ buffer }: Buffer): void {
  if (buffer.byteLength === SLAB_BYTES) giveSlab(Buffer.from(buffer));
}
