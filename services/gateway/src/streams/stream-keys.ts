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

/** There are as many as streams. `begunAt`, `wasHearing`: of when social-graph was last asked, and accepted the key. */
interface WatchedKey extends Pick<Found, 'expiresAt'> {
  /** Seldom more than one. */
  streams: readonly KeyedStream[];
  begunAt: number;
  wasHearing: boolean;
}

/**
 * Ends streams whose keys have expired, or were revoked while this gateway did not hear of all changes of keys: until it does, it
 * asks social-graph again and again, for many keys at once. Otherwise the streams of a user end when the user is forgotten.
 */
@Injectable()
export class StreamKeys implements OnApplicationShutdown {
  private readonly keys = new Map<string, WatchedKey>();
  private readonly timer = setInterval(() => void this.check(), INTERVAL).unref();
  private isAsking = false;

  constructor(
    private readonly identities: Identities,
    private readonly services: Services,
  ) {}

  /** Watches the key of a stream. Returns how to end that. */
  watch(keyHash: string, { begunAt, wasHearing, expiresAt }: Found, stream: KeyedStream): () => void {
    const key: WatchedKey = this.keys.get(keyHash) ?? { streams: [], expiresAt, begunAt, wasHearing };
    this.keys.set(keyHash, key);
    key.streams = [...key.streams, stream];
    return () => {
      key.streams = key.streams.filter((other) => other !== stream);
      if (key.streams.length === 0 && this.keys.get(keyHash) === key) this.keys.delete(keyHash);
    };
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Ends the streams of expired keys, and asks about those that may have been revoked. */
  async check(): Promise<void> {
    const now = performance.now();
    for (const key of this.keys.values()) if (now >= key.expiresAt) endAll(key);
    if (this.isAsking) return;
    this.isAsking = true;
    const doubtful = [...this.keys].filter(([, key]) => !this.isCurrent(key));
    for (let first = 0; first < doubtful.length; first += KEY_HASHES_MAX) {
      await this.ask(doubtful.slice(first, first + KEY_HASHES_MAX));
    }
    this.isAsking = false;
  }

  private isCurrent(key: WatchedKey): boolean {
    return this.identities.hearsAll() && this.identities.isWatched(key);
  }

  private async ask(keys: [string, WatchedKey][]): Promise<void> {
    const begunAt = performance.now();
    const confirmed = { begunAt, wasHearing: this.identities.hearsAll() };
    const keyHashes = keys.map(([keyHash]) => keyHash);
    const refused = await attempt(this.services.ask(FindRefusedKeys, { keyHashes }));
    const isRefused = new Set(refused);
    for (const [keyHash, key] of keys) {
      if (refused && !isRefused.has(keyHash)) Object.assign(key, confirmed);
      else if (refused || begunAt - key.begunAt >= UNCONFIRMED_MAX) endAll(key);
    }
  }
}

function endAll({ streams }: WatchedKey): void {
  for (const stream of [...streams]) void stream.leave();
}
