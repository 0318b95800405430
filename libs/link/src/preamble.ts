import { EMPTY, encodeFrame, NOBODY, PROBE } from './frame';
import { ProtocolError } from './link-error';

/** The first bytes of a client: protocol and version. */
export const PREAMBLE = Buffer.from('AFL1', 'latin1');

/** The first bytes of a client that can prove the secret. */
export const GREETING = Buffer.concat([PREAMBLE, encodeFrame(NOBODY, PROBE, EMPTY)]);

/** Checks the first bytes of a connection; fails at the first wrong byte. */
export class PreambleCheck {
  private matched = 0;

  get passed(): boolean {
    return this.matched === PREAMBLE.length;
  }

  /** Removes the preamble from the stream and returns the rest of the chunk; throws a `ProtocolError`. */
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
