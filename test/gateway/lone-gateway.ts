import { type AddressInfo, connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { UserId } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { Identities } from '../../services/gateway/src/authenticate/identities';
import { Commands } from '../../services/gateway/src/commands/commands';
import type { Configuration } from '../../services/gateway/src/configuration';
import type { ConnectionLimits } from '../../services/gateway/src/connections/connection-limits';
import { createGateway } from '../../services/gateway/src/create-gateway';
import { eventually } from '../harness/eventually';

export const ADMIN_KEY = 'admin-key-of-the-tests';
const IVAN = {
  key: 'abc123',
  found: {
    user: { id: 1 as UserId, name: 'ivan' },
    keyHash: '',
    begunAt: 0,
    expiresAt: Number.POSITIVE_INFINITY,
    wasReceiving: false,
    validity: { isOver: false },
  },
};
const nowhere = { host: '127.0.0.1', port: 1 };

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests access any field
  body: any;
}

/** A listening gateway that knows the key of ivan and has no services behind it. */
export class LoneGateway {
  /** The patterns of the commands that were sent. */
  readonly carriedOut: string[] = [];
  readonly log: Record<string, unknown>[] = [];
  /** Commands wait for this promise before they are sent. */
  held: Promise<unknown> | undefined;

  private readonly sockets: Socket[] = [];

  private constructor(private app: NestFastifyApplication) {}

  /** `settings` override those of the tests. */
  static async start(limits?: ConnectionLimits, settings: Partial<Configuration> = {}): Promise<LoneGateway> {
    const gateway = new LoneGateway(undefined as unknown as NestFastifyApplication);
    const write = (chunk: unknown, _encoding: unknown, done: () => void) => {
      gateway.log.push(JSON.parse(String(chunk)));
      done();
    };
    const logger = pino({ base: null }, new Writable({ write })) as Logger;
    gateway.app = await createGateway(
      {
        HOST: nowhere.host,
        HTTP_PORT: 0,
        SOCIAL_GRAPH_ADDRESS: nowhere,
        ACTIVITY_ADDRESS: nowhere,
        FEED_ADDRESS: [nowhere],
        REDIS_URL: 'redis://127.0.0.1:1',
        REDIS_PREFIX: '',
        SERVICE_SECRET_REQUIRED: false,
        ADMIN_KEY,
        LOG_LEVEL: 'info',
        REQUEST_LOG_SAMPLE: 1,
        RATE_LIMITS: 'off',
        RATE_LIMIT_READS: 0,
        RATE_LIMIT_WRITES: 0,
        RATE_LIMIT_AGGREGATES: 0,
        RATE_LIMIT_ADMIN: 0,
        RATE_LIMIT_FAILED_KEYS: 0,
        ...settings,
      },
      logger,
      limits,
    );
    gateway.app.get(Identities).known = (key) => (key === IVAN.key ? IVAN.found : undefined);
    const commands = gateway.app.get(Commands);
    const send = commands.send.bind(commands);
    commands.send = (async (message, ...rest) => {
      gateway.carriedOut.push(message.pattern);
      await gateway.held;
      return send(message, ...rest);
    }) as typeof commands.send;
    gateway.app.getHttpServer().on('connection', (socket: Socket) => gateway.sockets.push(socket));
    await gateway.app.listen(0, nowhere.host);
    return gateway;
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The log lines of the request that `answer` belongs to. */
  linesOf(answer: RawAnswer | undefined): Record<string, unknown>[] {
    return this.log.filter((line) => line.request_id === answer?.headers['x-request-id']);
  }

  /** Whether the gateway has read everything that was written on `connection`. */
  hasRead({ socket: { localPort, bytesWritten } }: Connection): boolean {
    return this.sockets.some(({ remotePort, bytesRead }) => remotePort === localPort && bytesRead === bytesWritten);
  }

  open(): Promise<Connection> {
    return Connection.to(this.port);
  }

  /** Sends `bytes` on a new connection and returns the first answer. */
  async ask(bytes: string | Buffer): Promise<RawAnswer> {
    const connection = await this.open();
    connection.write(bytes);
    const [answer] = await connection.answers(1);
    connection.socket.destroy();
    return answer as RawAnswer;
  }

  /** The number of open connections. */
  connections(): Promise<number> {
    return promisify(this.app.getHttpServer().getConnections.bind(this.app.getHttpServer()))();
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

/** A client that can write arbitrary bytes. */
export class Connection {
  /** The data received so far; one character per byte. */
  received = '';
  /** Whether the gateway has closed its side, or reset the connection because it had unread data. */
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      this.received += text;
    });
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', () => {
      this.ended = true;
    });
  }

  static async to(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connection = new Connection(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return connection;
  }

  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  receives(text: string): Promise<boolean> {
    return eventually(`"${text}" is received`, () => this.received.includes(text));
  }

  /** Waits for `count` answers; returns all that have arrived. */
  answers(count: number): Promise<RawAnswer[]> {
    return eventually(`${count} answers have arrived`, () => {
      const answers = parseAnswers(this.received);
      return answers.length >= count && answers;
    });
  }

  /** Waits until the gateway has closed its side; returns all answers. */
  async allAnswers(): Promise<RawAnswer[]> {
    await eventually('the gateway closes the connection', () => this.ended);
    return parseAnswers(this.received);
  }
}

/** The complete answers in `text`, without interim ones (100 Continue). */
function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    if (body.length < length) break;
    rest = rest.slice(end + 4 + length);
    if (status === 100) continue;
    answers.push({
      status,
      headers,
      body: headers['content-type']?.startsWith('application/json') ? JSON.parse(body) : body,
    });
  }
  return answers;
}
