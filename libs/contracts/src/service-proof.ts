import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Answer, message } from './message';

/** What a connection between two processes is for. A proof for one is none for the other. */
export type ConnectionPurpose = 'commands' | 'reads';

/** Bytes of a nonce and of a proof. */
const LENGTH = 32;

/** The first message of a gateway that has the secret. A service without a secret does not know it. */
export const Challenge = message<Record<string, never>, Answer<{ nonce: string }>>('service-secret.challenge');

/** The second one. It has no answer; the service closes the connection if the proof is wrong. */
export const PROVE = 'service-secret.prove';
export interface Proof {
  proof: string;
}

export const newNonce = (): Buffer => randomBytes(LENGTH);

/** Proves to whoever chose `nonce` that this process knows `secret`. Throws a RangeError if `nonce` is not a nonce. */
export function proofOf(secret: string, purpose: ConnectionPurpose, nonce: Uint8Array): Buffer {
  if (nonce.length !== LENGTH) throw new RangeError(`a nonce has ${LENGTH} bytes, not ${nonce.length}`);
  return createHmac('sha256', secret).update(nonce).update(`activity-feed ${purpose}`).digest();
}

/** Takes equally long for every proof. */
export function isProof(secret: string, purpose: ConnectionPurpose, nonce: Uint8Array, proof: Uint8Array): boolean {
  return proof.length === LENGTH && timingSafeEqual(proof, proofOf(secret, purpose, nonce));
}
