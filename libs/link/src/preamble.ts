import { ProtocolError } from './link-error';

/** What a client says first: protocol and version. */
export const PREAMBLE = Buffer.from('AFL1', 'latin1');

/** Refuses a connection at its first byte that is not the preamble's. */
export class PreambleCheck {
  private matched = 0;

  get passed(): boolean {
    return this.matched === PREAMBLE.length;
  }

  /** Takes the preamble off the stream and returns what follows it; throws a `ProtocolError`. */
  strip(chunk: Buffer): Buffer {
    const begun = this.matched;
    const end = Math.min(chunk.length, PREAMBLE.length - begun);
    if (chunk.compare(PREAMBLE, begun, begun + end, 0, end) !== 0) {
      throw new ProtocolError(`the connection does not begin with ${PREAMBLE}`);
    }
    this.matched += end;
    return chunk.subarray(end);
  }
}
