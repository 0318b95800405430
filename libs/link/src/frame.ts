/**
 * A frame: u32 length of the rest, u32 call id, u8 operation of a request or status of an answer, payload. Numbers are
 * big-endian. Call ids start at 1; an answer with id 0 belongs to no call.
 */
export const LENGTH_BYTES = 4;
/** Bytes that the length field counts in addition to the payload. */
export const ENVELOPE_BYTES = 5;
export const HEAD_BYTES = LENGTH_BYTES + ENVELOPE_BYTES;

/** Default limits of the length field. */
export const REQUEST_BYTES_LIMIT = 64 * 1024;
export const ANSWER_BYTES_LIMIT = 4 * 1024 * 1024;

/** Status: the handler failed, or its reply cannot be sent. The payload is empty. */
export const FAILED = 255;
/** Status: the server is closing and has not started the call. With id 0 it announces that to the client. */
export const CLOSING = 254;
export const NOBODY = 0;

export const EMPTY = new Uint8Array(0);

/** Writes the bytes before a payload of `payloadLength` bytes. */
export function writeHead(target: Buffer, at: number, id: number, code: number, payloadLength: number): void {
  target.writeUInt32BE(ENVELOPE_BYTES + payloadLength, at);
  target.writeUInt32BE(id, at + LENGTH_BYTES);
  target[at + HEAD_BYTES - 1] = code;
}

export function encodeFrame(id: number, code: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  writeHead(frame, 0, id, code, payload.length);
  frame.set(payload, HEAD_BYTES);
  return frame;
}
