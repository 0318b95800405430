import type { Logger } from '@activity-feed/hosting';
import { ServerTCP, type TcpOptions } from '@nestjs/microservices';
import { Admission } from './admission';
import { RefusedConnections } from './refused-connections';

type Options = Required<TcpOptions>['options'];
type Socket = Parameters<ServerTCP['bindHandler']>[0];

/**
 * Nest's TCP server, except that a gateway has to prove that it knows the secret, if there is one, before its first message, and that broken
 * connections are warnings: a killed gateway is not an error of this service.
 */
export class RpcServer extends ServerTCP {
  private readonly refused: RefusedConnections;

  constructor(
    options: Options,
    private readonly log: Logger,
    private readonly secret?: string,
  ) {
    super(options);
    this.refused = new RefusedConnections(log);
  }

  override bindHandler(socket: Socket): void {
    this.trackOpenSocket(socket);
    const { remoteAddress: from } = socket;
    const connection = this.getSocketInstance(socket);
    const { secret } = this;
    const onRefuse = (reason: string) => this.refused.note(reason, from);
    const admission = secret === undefined ? undefined : new Admission(connection, { secret, onRefuse });
    connection.on('message', (message) => {
      if (admission && !admission.lets(message)) return;
      this.handleMessage(connection, message).catch((error) => this.handleError(error));
    });
    // A socket error, or Nest's text about data that is not a message.
    connection.on('error', (error: Error | string) => {
      const reason = typeof error === 'string' ? error : error.message;
      if (admission && !admission.isGiven) admission.refuse(reason);
      else this.log.warn({ reason, from }, 'connection from a gateway lost');
    });
  }
}
