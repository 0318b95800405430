import type { Logger } from '@activity-feed/hosting';
import { ServerTCP, type TcpOptions } from '@nestjs/microservices';

type Options = Required<TcpOptions>['options'];
type Socket = Parameters<ServerTCP['bindHandler']>[0];

/** Nest's TCP server, except that broken connections are warnings: a killed gateway is not an error of this service. */
export class RpcServer extends ServerTCP {
  constructor(
    options: Options,
    private readonly log: Logger,
  ) {
    super(options);
  }

  override bindHandler(socket: Socket): void {
    this.trackOpenSocket(socket);
    const { remoteAddress: from } = socket;
    const connection = this.getSocketInstance(socket);
    connection.on('message', (message) => {
      this.handleMessage(connection, message).catch((error) => this.handleError(error));
    });
    // A socket error, or Nest's text about data that is not a message.
    connection.on('error', (error: Error | string) => {
      const reason = typeof error === 'string' ? error : error.message;
      this.log.warn({ reason, from }, 'connection from a gateway lost');
    });
  }
}
