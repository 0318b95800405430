import type { Socket } from 'node:net';
import { Challenge, isProof, newNonce, PROVE, type Proof } from '@activity-feed/contracts';
import type { TcpSocket } from '@nestjs/microservices';

/** Milliseconds for a gateway to prove that it knows the secret. */
const LIMIT = 5_000;
/** Bytes that a connection may send before. The messages of a gateway have fewer. */
const MOST_BYTES = 4 * 1024;

interface Packet {
  pattern?: unknown;
  id?: unknown;
  data?: Partial<Proof>;
}

export interface AdmissionOptions {
  secret: string;
  /** Called once, when the connection is closed for lack of the proof. */
  onRefuse(reason: string): void;
  limit?: number;
}

/** Whether one gateway has proved that it knows the service secret. */
export class Admission {
  private nonce: Buffer | undefined;
  private state: 'asked' | 'given' | 'refused' = 'asked';
  private readonly socket: Socket;

  /** Must be called before the connection has messages. */
  constructor(
    private readonly connection: TcpSocket,
    private readonly options: AdmissionOptions,
  ) {
    const { limit = LIMIT } = options;
    this.socket = connection.netSocket as Socket;
    // A proof that was given makes it without effect.
    const late = setTimeout(() => this.refuse(`no proof within ${limit} ms`), limit);
    this.socket.once('close', () => clearTimeout(late));
    let bytes = 0;
    // After the listener that takes messages out of the data.
    this.socket.on('data', (chunk) => {
      if (this.state !== 'asked') return;
      bytes += chunk.length;
      if (bytes > MOST_BYTES) this.refuse(`more than ${MOST_BYTES} bytes without a proof`);
    });
  }

  get isGiven(): boolean {
    return this.state === 'given';
  }

  /** Whether to carry out `message`. Otherwise it belongs to the proof, or was refused. */
  lets(message: Packet | null): boolean {
    if (this.state === 'given') return true;
    if (this.state === 'refused') return false;
    const { pattern, id, data } = message ?? {};
    if (pattern === Challenge.pattern && !this.nonce) this.ask(id);
    else if (pattern === PROVE && this.nonce) this.judge(this.nonce, data?.proof);
    else this.refuse('a message before the proof');
    return false;
  }

  /** Closes the connection. */
  refuse(reason: string): void {
    if (this.state !== 'asked') return;
    this.state = 'refused';
    this.options.onRefuse(reason);
    this.socket.destroy();
  }

  private ask(id: unknown): void {
    this.nonce = newNonce();
    const response = { ok: true, value: { nonce: this.nonce.toString('hex') } };
    this.connection.sendMessage({ id, response, isDisposed: true });
  }

  private judge(nonce: Buffer, proof: unknown): void {
    const given = Buffer.from(typeof proof === 'string' ? proof : '', 'hex');
    if (isProof(this.options.secret, 'commands', nonce, given)) this.state = 'given';
    else this.refuse('the proof of another secret');
  }
}
