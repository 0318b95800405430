import type { StreamedList, UserId } from '@activity-feed/contracts';
import { giveUpLate, Logger } from '@activity-feed/hosting';
import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashOf, Identities } from '../authenticate/identities';
import { ApiError } from '../error-answers/api-error';
import { retryAfter } from '../error-answers/retry-after';
import { Consistency } from '../read-own-writes/consistency';
import { FeedLink } from '../services/feed-link';
import { OpenStream, type StreamOptions } from './open-stream';
import { STREAM_HEADERS, StreamConnection } from './stream-connection';
import { StreamKeys } from './stream-keys';
import { openStreams } from './stream-metrics';

/** The most streams that a gateway holds open, of all users and of one; their memory is bounded by that. */
const STREAMS_MAX = 20_000;
const STREAMS_OF_USER_MAX = 32;

/** The streams that are open at this gateway. */
@Injectable()
export class OpenStreams implements OnModuleDestroy, OnApplicationShutdown {
  /** Seldom more than one of a user. */
  private readonly byUser = new Map<UserId, readonly OpenStream[]>();
  private count = 0;
  private isStopping = false;
  private closed: Promise<unknown> | undefined;

  constructor(
    private readonly feed: FeedLink,
    private readonly consistency: Consistency,
    private readonly identities: Identities,
    private readonly keys: StreamKeys,
    private readonly log: Logger,
  ) {
    // Whoever was suspended, or has revoked a key, has to present a key again.
    identities.onForget = (user) => {
      for (const stream of this.byUser.get(user) ?? []) void stream.leave();
    };
  }

  /** At the beginning of a shutdown: clients reconnect to another gateway. */
  onModuleDestroy(): void {
    this.isStopping = true;
    const streams = [...this.byUser.values()].flat();
    this.closed = Promise.all(streams.map((stream) => stream.leave()));
  }

  /** The process must not exit before the clients have got what they were sent. */
  onApplicationShutdown(): Promise<void> {
    return giveUpLate('finish', { streams: this.closed }, this.log);
  }

  /** Answers with a stream. Resolves when it is open. Throws ApiError. */
  async open(
    list: StreamedList,
    since: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { user, key, raw, method } = request;
    const keyHash = request.keyHash ?? (key === null ? undefined : hashOf(key));
    if (!user || keyHash === undefined) throw new Error('the route is not authenticated');
    const atLeast = since === undefined ? (await this.consistency.forRead(user.id, undefined)).atLeast : undefined;
    // After the last wait, as the key may have been revoked meanwhile.
    const found = await this.identities.findByHash(keyHash);
    // The client may have gone meanwhile.
    if (reply.raw.destroyed) return void reply.hijack();
    let connection: StreamConnection | undefined;
    const connect = () => {
      reply.raw.off('close', onGone);
      if (method === 'HEAD') return undefined;
      connection = StreamConnection.begin(raw, reply.raw, reply.getHeaders() as Record<string, string>);
      return connection;
    };
    const stream = this.add({ list, reader: user.id, since, atLeast, connect });
    this.keys.watch(found, stream);
    const onGone = () => stream.end();
    reply.raw.once('close', onGone);
    const error = await stream.opened;
    if (connection || reply.raw.destroyed) reply.hijack();
    else if (error) throw new ApiError(error);
    else if (method === 'HEAD') reply.headers(STREAM_HEADERS).send();
    else throw new ApiError('CONNECTION_BUSY', { 'retry-after': retryAfter() });
  }

  /** Throws ApiError if there are too many. */
  private add(options: Omit<StreamOptions, 'feed' | 'onEnd'>): OpenStream {
    if (this.isStopping || this.count >= STREAMS_MAX) {
      throw new ApiError('SERVICE_UNAVAILABLE', { 'retry-after': retryAfter() });
    }
    const { reader, list } = options;
    const ofUser = this.byUser.get(reader) ?? [];
    if (ofUser.length >= STREAMS_OF_USER_MAX) throw new ApiError('STREAMS_TOO_MANY');
    this.count++;
    openStreams.inc({ list });
    const onEnd = () => {
      this.count--;
      openStreams.dec({ list });
      this.remove(stream, reader);
      this.keys.unwatch(stream);
    };
    const stream: OpenStream = new OpenStream({ ...options, feed: this.feed, onEnd });
    this.byUser.set(reader, [...ofUser, stream]);
    return stream;
  }

  private remove(stream: OpenStream, reader: UserId): void {
    const others = (this.byUser.get(reader) ?? []).filter((other) => other !== stream);
    if (others.length > 0) this.byUser.set(reader, others);
    else this.byUser.delete(reader);
  }
}
