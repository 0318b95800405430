import type { Socket } from 'node:net';
import type { ConnectionOptions } from './connection-options';
import { PROBE, PROVE } from './frame';
import { ProofError } from './link-error';

/** Whether one client has proved that it knows the secret. */
export class Admission {
  private nonce: Uint8Array | undefined;
  private given: boolean;
  private late: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: Pick<ConnectionOptions, 'proof' | 'preambleLimit'>,
  ) {
    this.given = options.proof === undefined;
    if (this.given) return;
    const { preambleLimit } = options;
    // Not an idle timeout, which a client could extend byte by byte.
    this.late = setTimeout(() => socket.destroy(this.error(`sent no proof within ${preambleLimit} ms`)), preambleLimit);
    socket.once('close', () => clearTimeout(this.late));
  }

  get isGiven(): boolean {
    return this.given;
  }

  /** Judges a frame of a client that is not admitted. Returns the nonce to answer with; throws a `ProofError`. */
  consider(operation: number, payload: Uint8Array): Uint8Array | undefined {
    const { proof } = this.options;
    if (operation === PROBE && !this.nonce) {
      this.nonce = proof?.newNonce();
      return this.nonce;
    }
    if (operation !== PROVE || !this.nonce) throw this.error('sent a request before a proof of the secret');
    if (!proof?.isProof(this.nonce, payload)) throw this.error('has another secret');
    this.given = true;
    clearTimeout(this.late);
    return undefined;
  }

  private error(what: string): ProofError {
    const { remoteAddress: from } = this.socket;
    return new ProofError(`the client ${what}`, from);
  }
}
