/**
 * A frame: u32 length of the rest, u32 id, u8 operation of a request or status of an answer, payload. Numbers are
 * big-endian. Ids start at 1 and are shared by calls and subscriptions; an answer with id 0 belongs to neither.
 *
 * A call has one answer. A subscription has any number of answers with the status `MESSAGE`; an answer with another
 * status, or `CANCEL` from the client, ends it. Messages and answers arrive in the order in which they were sent.
 */
export const LENGTH_BYTES = 4;
/** Bytes that the length field counts in addition to the payload. */
export const ENVELOPE_BYTES = 5;
export const HEAD_BYTES = LENGTH_BYTES + ENVELOPE_BYTES;

/** Default limits of the length field. */
export const REQUEST_BYTES_LIMIT = 64 * 1024;
export const ANSWER_BYTES_LIMIT = 4 * 1024 * 1024;

/** Operations below this one are calls; from here to 252 they begin subscriptions. */
export const SUBSCRIPTIONS_FROM = 128;
/** Operation: the client's proof that it knows the server's secret. Its id is 0, and it has no answer. */
export const PROVE = 253;
/**
 * Operation: a call that the link itself answers at once, with status 0. The payload is empty, except while the server
 * requires a proof: then it is the nonce to prove the secret with. A client that can prove it begins with a probe with id 0.
 */
export const PROBE = 254;
/** Operation: ends the subscription with this id. It has no payload and no answer; unknown ids are ignored. */
export const CANCEL = 255;

/** Statuses from here are reserved for the link. */
export const RESERVED_FROM = 251;
/** Status: the connection has too many subscriptions; this one has not begun. The payload is empty. */
export const FULL = 251;
/** Status: the server ended the subscription, as the client does not receive its messages. The payload is empty. */
export const LAGGED = 252;
/** Status: a message of a subscription, which continues. */
export const MESSAGE = 253;
/** Status: the handler failed, or its reply cannot be sent. The payload is empty. */
export const FAILED = 255;
/**
 * Status: the server is closing; it has not started the call, or has ended the subscription. With id 0 it announces
 * that to the client.
 */
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
