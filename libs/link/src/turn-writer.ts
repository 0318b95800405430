import type { Socket } from 'node:net';
import { HEAD_BYTES, writeHead } from './frame';
import { giveSlab, SLAB_BYTES, takeSlab } from './slabs';

/** Collects one event-loop turn's frames for a connection and writes them at once: a system call each is what costs. */
export class TurnWriter {
  /** Full, and to be written before the slab. */
  #parts: Buffer[] = [];
  #slab: Buffer | undefined;
  #filled = 0;
  #bytes = 0;
  /** Parts that the socket was given and has not passed on. */
  #underWay = 0;
  #late = false;

  constructor(
    readonly socket: Socket,
    readonly onWritten: () => void = () => {},
  ) {}

  /** Bytes collected and not yet written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies `payload`, which may change as soon as this returns. */
  add(id: number, code: number, payload: Uint8Array): void {
    if (this.#bytes === 0) setImmediate(() => this.#endTurn());
    const length = HEAD_BYTES + payload.length;
    const [target, at] = this.#room(length);
    writeHead(target, at, id, code, payload.length);
    target.set(payload, at + HEAD_BYTES);
    this.#bytes += length;
  }

  flush(): void {
    this.#late = false;
    if (this.#bytes === 0) return;
    this.#close();
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    if (!this.socket.writable) return;
    this.#underWay += parts.length;
    this.socket.cork();
    for (const part of parts) this.socket.write(part, () => this.#passedOn(part));
    this.socket.uncork();
    this.onWritten();
  }

  /** While a write is under way turns are collected together: a slab for each would hold little and wait long. */
  #endTurn(): void {
    if (this.#underWay === 0) this.flush();
    else this.#late = true;
  }

  #passedOn(part: Buffer): void {
    giveBack(part);
    this.#underWay--;
    if (this.#underWay === 0 && this.#late) this.flush();
  }

  /** Where the next `length` bytes go. */
  #room(length: number): [Buffer, number] {
    if (this.#filled + length > SLAB_BYTES) this.#close();
    if (length > SLAB_BYTES) {
      const own = Buffer.allocUnsafe(length);
      this.#parts.push(own);
      return [own, 0];
    }
    this.#slab ??= takeSlab();
    const at = this.#filled;
    this.#filled += length;
    return [this.#slab, at];
  }

  #close(): void {
    if (this.#slab) this.#parts.push(this.#slab.subarray(0, this.#filled));
    this.#slab = undefined;
    this.#filled = 0;
  }
}

function giveBack({ buffer }: Buffer): void {
  if (buffer.byteLength === SLAB_BYTES) giveSlab(Buffer.from(buffer));
}
