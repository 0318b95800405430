import { ENVELOPE_BYTES, LENGTH_BYTES } from './frame';
import { ProtocolError } from './link-error';

export type TakeFrame = (id: number, code: number, payload: Buffer) => void;

/**
 * Finds the frames in a stream that comes in chunks of any cut. A payload within one chunk is handed on as a part of
 * it, which is valid as long as the chunk; a frame that crosses chunks gets a buffer of its own, so that its cost does
 * not grow with the number of cuts. While `mayRead` says no, what has come is held until `readOn`; such chunks must stay
 * as they are.
 */
export class FrameReader {
  private readonly length = Buffer.alloc(LENGTH_BYTES);
  private lengthFilled = 0;
  private frame: Buffer | undefined;
  private frameFilled = 0;
  private held: Buffer | undefined;

  /** `limit`: the longest frame in bytes, as its length says it. */
  constructor(
    readonly limit: number,
    readonly take: TakeFrame,
    readonly mayRead: () => boolean = () => true,
  ) {}

  get holding(): boolean {
    return this.held !== undefined;
  }

  /** Throws a `ProtocolError` at a frame that is longer than the limit or too short to be one. */
  push(chunk: Buffer): void {
    if (this.held) this.held = Buffer.concat([this.held, chunk]);
    else this.read(chunk);
  }

  /** Goes on with what is held; throws as `push` does. */
  readOn(): void {
    const held = this.held;
    this.held = undefined;
    if (held) this.read(held);
  }

  private read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (!this.mayRead()) {
        this.held = chunk.subarray(at);
        return;
      }
      at = this.frame ? this.fillFrame(this.frame, chunk, at) : this.begin(chunk, at);
    }
  }

  /** Reads from a frame's first byte, or on in its length; says where the next one begins. */
  private begin(chunk: Buffer, at: number): number {
    if (this.lengthFilled > 0 || chunk.length - at < LENGTH_BYTES) return this.fillLength(chunk, at);
    const start = at + LENGTH_BYTES;
    const end = start + this.checked(chunk.readUInt32BE(at));
    if (end > chunk.length) {
      this.frame = Buffer.allocUnsafe(end - start);
      return start;
    }
    this.hand(chunk, start, end);
    return end;
  }

  private fillLength(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.length, this.lengthFilled, at);
    this.lengthFilled += copied;
    if (this.lengthFilled === LENGTH_BYTES) {
      this.lengthFilled = 0;
      this.frame = Buffer.allocUnsafe(this.checked(this.length.readUInt32BE(0)));
    }
    return at + copied;
  }

  private fillFrame(frame: Buffer, chunk: Buffer, at: number): number {
    const copied = chunk.copy(frame, this.frameFilled, at);
    this.frameFilled += copied;
    if (this.frameFilled === frame.length) {
      this.frame = undefined;
      this.frameFilled = 0;
      this.hand(frame, 0, frame.length);
    }
    return at + copied;
  }

  private checked(length: number): number {
    if (length >= ENVELOPE_BYTES && length <= this.limit) return length;
    throw new ProtocolError(`frame of ${length} bytes; must be between ${ENVELOPE_BYTES} and ${this.limit}`);
  }

  private hand(bytes: Buffer, start: number, end: number): void {
    const code = bytes[start + ENVELOPE_BYTES - 1] as number;
    this.take(bytes.readUInt32BE(start), code, bytes.subarray(start + ENVELOPE_BYTES, end));
  }
}
