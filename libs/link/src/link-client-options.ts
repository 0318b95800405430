import { ANSWER_BYTES_LIMIT, REQUEST_BYTES_LIMIT } from './frame';
import type { Address } from './link';

export interface LinkClientOptions {
  /**
   * Milliseconds that a call waits for its answer. The rejection may come up to a twentieth later, but at most 50 ms.
   */
  deadline?: number;
  /**
   * The proof for a server that sends a nonce. With it the client waits for the server's first answer before it sends calls;
   * a server that requires no proof answers without a nonce.
   */
  prove?: ((nonce: Uint8Array) => Uint8Array) | undefined;
  /** Maximum calls in flight; further calls are rejected. */
  callLimit?: number;
  /** Maximum bytes of a request's frame that the server accepts. */
  requestLimit?: number;
  /** Maximum bytes of an answer's or message's frame; a longer one destroys the connection. */
  answerLimit?: number;
  /** Milliseconds between probes of the server while there are subscriptions. */
  probeEvery?: number;
  /** Called when a connection breaks or cannot be opened; for logging. */
  onLost?: (address: Address, error: Error) => void;
}

/** The options with their defaults. */
export type CompleteOptions = Required<Omit<LinkClientOptions, 'prove'>> & Pick<LinkClientOptions, 'prove'>;

/** Milliseconds. */
export const DEADLINE = 3_000;

export const DEFAULTS = {
  deadline: DEADLINE,
  prove: undefined,
  callLimit: 4_096,
  requestLimit: REQUEST_BYTES_LIMIT,
  answerLimit: ANSWER_BYTES_LIMIT,
  probeEvery: 5_000,
  onLost: () => {},
} satisfies LinkClientOptions;
