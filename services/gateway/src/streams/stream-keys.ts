import { ANSWER_LIMIT, FindRefusedKeys, KEY_HASHES_MAX } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Found, Identities } from '../authenticate/identities';
import { Services } from '../services/services';

/** Milliseconds between checks: streams of a revoked key end within a second. */
const INTERVAL = 500;
/** Milliseconds without an answer after which streams end. */
const UNCONFIRMED_MAX = ANSWER_LIMIT;

export interface KeyedStream {
  leave(): Promise<void>;
}

/** As of when social-graph was last asked, and accepted the key. There are as many as streams, so most are those that identities keep. */
type WatchedKey = Pick<Found, 'keyHash' | 'expiresAt' | 'begunAt' | 'wasReceiving'>;

/**
 * Ends streams whose keys have expired, or were revoked while this gateway did not receive all changes of keys: until it does, it
 * asks social-graph again and again, for many keys at once. Otherwise the streams of a user end when the user is forgotten.
 */
@Injectable()
export class StreamKeys implements OnApplicationShutdown {
  private readonly watched = new Map<KeyedStream, WatchedKey>();
  private readonly timer = setInterval(() => void this.check(), INTERVAL).unref();
  private isAsking = false;

  constructor(
    private readonly identities: Identities,
    private readonly services: Services,
  ) {}

  watch(key: Found, stream: KeyedStream): void {
    this.watched.set(stream, key);
  }

  unwatch(stream: KeyedStream): void {
    this.watched.delete(stream);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Ends the streams of expired keys, and asks about those that may have been revoked. */
  async check(): Promise<void> {
    const now = performance.now();
    for (const [stream, key] of this.watched) if (now >= key.expiresAt) void stream.leave();
    if (this.isAsking) return;
    this.isAsking = true;
    const doubtful = [...this.watched].filter(([, key]) => !this.isCurrent(key));
    const byKey = [...Map.groupBy(doubtful, ([, { keyHash }]) => keyHash)];
    for (let first = 0; first < byKey.length; first += KEY_HASHES_MAX) {
      await this.ask(byKey.slice(first, first + KEY_HASHES_MAX));
    }
    this.isAsking = false;
  }

  private isCurrent(key: WatchedKey): boolean {
    return this.identities.receivesAll() && this.identities.isWatched(key);
  }

  private async ask(keys: [keyHash: string, streams: [KeyedStream, WatchedKey][]][]): Promise<void> {
    const begunAt = performance.now();
    const confirmed = { begunAt, wasReceiving: this.identities.receivesAll() };
    const keyHashes = keys.map(([keyHash]) => keyHash);
    const refused = await attempt(this.services.ask(FindRefusedKeys, { keyHashes }));
    const isRefused = new Set(refused);
    for (const [keyHash, streams] of keys) {
      for (const [stream, { expiresAt, begunAt: lastConfirmed }] of streams) {
        if (refused && !isRefused.has(keyHash)) this.confirm(stream, { keyHash, expiresAt, ...confirmed });
        else if (refused || begunAt - lastConfirmed >= UNCONFIRMED_MAX) void stream.leave();
      }
    }
  }

  /** Unless the stream has ended meanwhile. */
  private confirm(stream: KeyedStream, key: WatchedKey): void {
    if (this.watched.has(stream)) this.watched.set(stream, key);
  }
}
