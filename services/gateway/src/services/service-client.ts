import { Challenge, PROVE, type Proof, proofOf } from '@activity-feed/contracts';
import { ClientTCP, type ReadPacket, type WritePacket } from '@nestjs/microservices';

interface ServiceClientOptions {
  host: string;
  port: number;
  /** What the service may require a proof of; unset for none. */
  secret: string | undefined;
}

/** Nest's TCP client, which proves to the service once per connection that it knows the secret, before it sends anything else. */
export class ServiceClient extends ClientTCP {
  private readonly secret: string | undefined;
  private opened: Promise<unknown> | undefined;
  private proved: Promise<unknown> = Promise.resolve();

  constructor({ secret, ...address }: ServiceClientOptions) {
    super(address);
    this.secret = secret;
  }

  /** Called before each message. */
  override connect(): Promise<unknown> {
    const opened = super.connect();
    const { secret } = this;
    if (secret === undefined || opened === this.opened) return secret === undefined ? opened : this.proved;
    this.opened = opened;
    this.proved = opened.then(() => this.prove(secret));
    return this.proved;
  }

  private async prove(secret: string): Promise<void> {
    const nonce = await this.requestNonce();
    if (nonce === undefined) return;
    const data: Proof = { proof: proofOf(secret, 'commands', Buffer.from(nonce, 'hex')).toString('hex') };
    await this.dispatchEvent({ pattern: PROVE, data });
  }

  /** Undefined from a service that requires no proof: it has no such message. */
  private requestNonce(): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const request: ReadPacket = { pattern: Challenge.pattern, data: {} };
      this.publish(request, ({ err, response }: WritePacket) => {
        // Errors that have crossed the connection are texts.
        if (err instanceof Error) reject(err);
        else resolve(response?.value?.nonce);
      });
    });
  }
}
