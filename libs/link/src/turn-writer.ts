import type { Socket } from 'node:net';
import { HEAD_BYTES, writeHead } from './frame';
import { giveSlab, SLAB_BYTES, takeSlab } from './slabs';

/** Collects one event-loop turn's frames for a connection and writes them at once: a system call each is what costs. */
export class TurnWriter {
  /** Full, and to be written before the slab. */
  private parts: Buffer[] = [];
  private slab: Buffer | undefined;
  private filled = 0;
  private collected = 0;
  /** Parts that the socket was given and has not passed on. */
  private underWay = 0;
  private late = false;

  constructor(
    readonly socket: Socket,
    readonly onWritten: () => void = () => {},
  ) {}

  /** Bytes collected and not yet written. */
  get bytes(): number {
    return this.collected;
  }

  /** Copies `payload`, which may change as soon as this returns. */
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
    if (this.collected === 0) return;
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

  /** While a write is under way turns are collected together: a slab for each would hold little and wait long. */
  private endTurn(): void {
    if (this.underWay === 0) this.flush();
    else this.late = true;
  }

  private passedOn(part: Buffer): void {
    giveBack(part);
    this.underWay--;
    if (this.underWay === 0 && this.late) this.flush();
  }

  /** Where the next `length` bytes go. */
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
