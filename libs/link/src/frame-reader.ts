import { ENVELOPE_BYTES, LENGTH_BYTES } from './frame';
import { ProtocolError } from './link-error';

export type TakeFrame = (id: number, code: number, payload: Buffer) => void;

/**
 * Extracts frames from a stream of chunks. A payload within one chunk is passed as a view of the chunk and is valid as
 * long as the chunk; a frame that spans chunks gets its own buffer, allocated once. While `mayRead` returns false, data
 * is held until `readOn`; held chunks must not be overwritten.
 */
export class FrameReader {
  private readonly length = Buffer.alloc(LENGTH_BYTES);
  private lengthFilled = 0;
  private frame: Buffer | undefined;
  private frameFilled = 0;
  private held: Buffer | undefined;

  /** `limit`: maximum value of a frame's length field. */
  constructor(
    readonly limit: number,
    readonly take: TakeFrame,
    readonly mayRead: () => boolean = () => true,
  ) {}

  get holding(): boolean {
    return this.held !== undefined;
  }

  /** Throws a `ProtocolError` if a frame's length is out of range. */
  push(chunk: Buffer): void {
    if (this.held) this.held = Buffer.concat([this.held, chunk]);
    else this.read(chunk);
  }

  /** Continues with the held data; throws like `push`. */
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

  /** Reads the length of a frame, and the frame if it is complete in `chunk`. Returns the offset to continue from. */
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
