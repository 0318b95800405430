import { isUnavailable, RefusedConnections } from '@activity-feed/backend';
import {
  FEED_READS,
  FEED_STATUSES,
  type FeedQuery,
  type FeedReadName,
  isProof,
  newNonce,
  PING_LIMIT,
  PING_OPERATION,
} from '@activity-feed/contracts';
import { checkHealth, type Dependency, type Logger, leftFor, type Span } from '@activity-feed/hosting';
import {
  type BorrowedReply,
  LinkServer,
  ProofError,
  type Reply,
  type RequiredProof,
  type SubscribeHandler,
} from '@activity-feed/link';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { UnverifiedVersion } from '../read-own-writes/unverified-version';
import { errorReply } from '../read-scope/error-reply';
import { beginRead, endRead, fieldsOf, logSlow } from './trace-reads';

const UNVERIFIED: Reply = { status: FEED_STATUSES.unverified, payload: new Uint8Array() };

const proofOfReads = (secret: string): RequiredProof => ({
  newNonce,
  isProof: (nonce, proof) => isProof(secret, 'reads', nonce, proof),
});

type Read<Query> = (query: Query) => Reply | BorrowedReply | Promise<Reply>;

export type Reads = { [Name in FeedReadName]: Read<FeedQuery<Name>> };

export interface ReadServerOptions {
  host: string;
  port: number;
  /** What gateways must know; unset for none. */
  secret?: string | undefined;
  reads: Reads;
  subscribe: SubscribeHandler;
  dependencies: Dependency[];
  log: Logger;
}

export class ReadServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: LinkServer;
  private readonly reads = new Map<number, Read<never>>();

  constructor(private readonly options: ReadServerOptions) {
    const { reads, subscribe, secret, log } = options;
    for (const name of Object.keys(FEED_READS) as FeedReadName[])
      this.reads.set(FEED_READS[name].operation, reads[name]);
    const refused = new RefusedConnections(log);
    const onError = (error: unknown) => {
      if (error instanceof ProofError) refused.note(error.message, error.from);
      else log.warn({ err: error }, 'a connection of the link failed');
    };
    const proof = secret === undefined ? undefined : proofOfReads(secret);
    this.server = new LinkServer((operation, payload) => this.answer(operation, payload), {
      subscribe,
      proof,
      onError,
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.server.listen(this.options.port, this.options.host);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.server.close(leftFor('finish'));
  }

  private answer(operation: number, payload: Buffer): Reply | BorrowedReply | Promise<Reply> {
    const read = this.reads.get(operation);
    if (read) return this.observed(operation, read, payload);
    if (operation === PING_OPERATION) return this.ping();
    // A newer gateway's: a reader of its version may be up already.
    this.options.log.warn({ operation }, 'the gateway requests a read of a later version; refusing it');
    return errorReply('SERVICE_UNAVAILABLE');
  }

  private observed(operation: number, read: Read<never>, payload: Buffer): Reply | BorrowedReply | Promise<Reply> {
    const began = performance.now();
    let trace: string | undefined;
    let span: Span | undefined;
    let reply: Reply | BorrowedReply | Promise<Reply>;
    try {
      const query = JSON.parse(payload.toString());
      trace = query.trace;
      span = beginRead(operation, trace);
      reply = read(query as never);
    } catch (error) {
      reply = this.failed(error, operation, trace);
    }
    if (reply instanceof Promise) return this.awaited(reply, operation, began, trace, span);
    endRead(operation, reply.status, began, span);
    return reply;
  }

  private awaited(
    reading: Promise<Reply>,
    operation: number,
    began: number,
    trace: string | undefined,
    span: Span | undefined,
  ): Promise<Reply> {
    const reply = reading.catch((error) => this.failed(error, operation, trace));
    // Beside the promise that is returned, which must not be fulfilled later: the reply may change then.
    void reply.then(({ status }) => {
      logSlow(this.options.log, operation, status, endRead(operation, status, began, span), trace);
    });
    return reply;
  }

  private async ping(): Promise<Reply> {
    const { status } = await checkHealth(this.options.dependencies, PING_LIMIT);
    return { status: FEED_STATUSES.ok, payload: Buffer.from(status) };
  }

  private failed(error: unknown, operation: number, trace: string | undefined): Reply {
    if (error instanceof UnverifiedVersion) return UNVERIFIED;
    const fields = { err: error, ...fieldsOf(operation, trace) };
    if (isUnavailable(error)) {
      this.options.log.warn(fields, 'the database does not answer; refusing the read');
      return errorReply('SERVICE_UNAVAILABLE');
    }
    this.options.log.error(fields, 'read failed; answering INTERNAL');
    return errorReply('INTERNAL');
  }
}
