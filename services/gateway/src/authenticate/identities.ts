import {
  type ErrorCode,
  hashKey,
  isMistyped,
  type OwnRateLimits,
  ResolveKey,
  type User,
  type UserId,
} from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';

/** Milliseconds for which a user is kept while this process receives all changes of keys, and otherwise. */
const LIFE = { receiving: 600_000, otherwise: 1_000 };
const KEPT_KEYS = 50_000;
/** Milliseconds. A look-up that began before its user was forgotten is repeated, and so is one that took so long. */
const FORGOTTEN_LIFE = 10_000;
/**
 * Milliseconds for which an unknown key is cached. Short, since another gateway may register its user in the meantime.
 */
const UNKNOWN_LIFE = 5_000;
const UNKNOWN_KEYS = 50_000;
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['KEY_MISSING', 'KEY_INVALID', 'TICKET_INVALID', 'USER_SUSPENDED']);
/** Resolved at each call, so that tests can fake it. */
const CLOCK = { now: () => performance.now() };

/** Whom a key belongs to. Times are by performance.now. */
export interface Found {
  readonly user: User;
  readonly keyHash: string;
  /** The rate limits that were set for the user. */
  readonly limits?: OwnRateLimits | undefined;
  /** When the look-up was begun. */
  readonly begunAt: number;
  /** When the key expires. */
  readonly expiresAt: number;
  /** Whether this process received all changes of keys when the look-up was begun. */
  readonly wasReceiving: boolean;
  /** Shared by all keys of the user. */
  readonly validity: Validity;
}

/** Over once the user is forgotten. */
interface Validity {
  isOver: boolean;
}

interface LookUp {
  readonly begunAt: number;
  readonly found: Promise<Found>;
}

/**
 * Looks up the users of keys at social-graph, and keeps them in this process alone. They are used for minutes while it receives
 * all changes of keys, as gateways announce them to each other, and otherwise for a second. Unknown keys are kept for seconds.
 * Only hashes of keys leave the process.
 */
@Injectable()
export class Identities {
  private readonly kept = new LRUCache<string, Found>({ max: KEPT_KEYS, ttl: LIFE.receiving, perf: CLOCK });
  /** The same, for whoever has only the hash. */
  private readonly byHash = new LRUCache<string, Found>({ max: KEPT_KEYS, ttl: LIFE.receiving, perf: CLOCK });
  /** By hash, since invented keys may be long. */
  private readonly unknown = new LRUCache<string, true>({ max: UNKNOWN_KEYS, ttl: UNKNOWN_LIFE, perf: CLOCK });
  private readonly underWay = new Map<string, LookUp>();
  /** Those that are not over. */
  private readonly validities = new LRUCache<UserId, Validity>({
    max: KEPT_KEYS,
    dispose: (validity) => {
      validity.isOver = true;
    },
  });
  /** When users were forgotten. */
  private readonly forgotten = new LRUCache<UserId, number>({ max: KEPT_KEYS, ttl: FORGOTTEN_LIFE, perf: CLOCK });
  private missedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly services: Services) {}

  /** Whether this gateway receives all changes of keys at present. */
  receivesAll: () => boolean = () => false;

  /** Called with each user who is forgotten. */
  onForget: (user: UserId) => void = () => undefined;

  /** The kept user of a key. */
  known(key: string): Found | undefined {
    const found = this.kept.get(key);
    return found && this.mayUse(found) ? found : undefined;
  }

  /** Whether a key was accepted when it was last looked up. */
  wasFound(key: string): boolean {
    const found = this.kept.peek(key);
    return found !== undefined && CLOCK.now() < found.expiresAt;
  }

  /**
   * Throws ApiError KEY_INVALID if the key is unknown, revoked or expired, USER_SUSPENDED, or SERVICE_UNAVAILABLE. Concurrent
   * requests share one look-up.
   */
  async lookUp(key: string): Promise<Found> {
    if (isMistyped(key)) throw new ApiError('KEY_INVALID');
    const found = await this.findByHash(hashOf(key)).catch((error) => {
      if (isRefusal(error)) this.kept.delete(key);
      throw error;
    });
    this.kept.set(key, found);
    return found;
  }

  /** The same by the hash of a key. */
  async findByHash(keyHash: string): Promise<Found> {
    const known = this.byHash.get(keyHash);
    if (known && this.mayUse(known)) return known;
    if (this.unknown.has(keyHash)) throw new ApiError('KEY_INVALID');
    const found = await (this.joined(keyHash) ?? this.begin(keyHash));
    return this.isOutdated(found) ? this.findByHash(keyHash) : found;
  }

  /** Whether a change of the key since the look-up is known, while this gateway receives all changes. */
  isWatched({ begunAt, wasReceiving }: Pick<Found, 'begunAt' | 'wasReceiving'>): boolean {
    return wasReceiving && begunAt > this.missedAt;
  }

  /** To be called when changes of keys may have been missed. */
  forgetAll(): void {
    this.missedAt = CLOCK.now();
    this.kept.clear();
    this.byHash.clear();
  }

  /** To be called when keys of a user were revoked, or the user was suspended or reinstated. */
  forget(user: UserId): void {
    this.refresh(user);
    this.onForget(user);
  }

  /** To be called when something else about a user has changed: the user's streams stay open. */
  refresh(user: UserId): void {
    this.forgotten.set(user, CLOCK.now());
    this.validities.delete(user);
  }

  /** To be called when `key` was issued, which may be kept as unknown. */
  issued(key: string): void {
    const keyHash = hashOf(key);
    this.unknown.delete(keyHash);
    // A look-up in progress may have begun before.
    this.underWay.delete(keyHash);
  }

  private mayUse(found: Found): boolean {
    const now = CLOCK.now();
    if (found.validity.isOver || now >= found.expiresAt) return false;
    return now - found.begunAt < LIFE.otherwise || (this.isWatched(found) && this.receivesAll());
  }

  /** Whether the user of a new answer was forgotten meanwhile, or may have been. */
  private isOutdated({ user, begunAt }: Found): boolean {
    if (CLOCK.now() - begunAt >= FORGOTTEN_LIFE) return true;
    return (this.forgotten.get(user.id) ?? Number.NEGATIVE_INFINITY) >= begunAt;
  }

  private validityOf(user: UserId): Validity {
    const validity = this.validities.get(user) ?? { isOver: false };
    this.validities.set(user, validity);
    return validity;
  }

  /** A look-up in progress. Without announcements only a young one: what it finds may have changed since. */
  private joined(keyHash: string): Promise<Found> | undefined {
    const lookUp = this.underWay.get(keyHash);
    if (!lookUp) return undefined;
    return this.receivesAll() || CLOCK.now() - lookUp.begunAt < LIFE.otherwise ? lookUp.found : undefined;
  }

  private begin(keyHash: string): Promise<Found> {
    const begunAt = CLOCK.now();
    const found = this.ask(keyHash, begunAt)
      .catch((error) => {
        const isUnknown = error instanceof ApiError && error.code === 'KEY_INVALID';
        if (isUnknown && this.underWay.get(keyHash) === lookUp) this.unknown.set(keyHash, true);
        throw error;
      })
      .finally(() => {
        if (this.underWay.get(keyHash) === lookUp) this.underWay.delete(keyHash);
      });
    const lookUp: LookUp = { begunAt, found };
    this.underWay.set(keyHash, lookUp);
    return found;
  }

  private async ask(keyHash: string, begunAt: number): Promise<Found> {
    const wasReceiving = this.receivesAll();
    const {
      id,
      name,
      expiresIn = Number.POSITIVE_INFINITY,
      limits,
    } = await this.services.ask(ResolveKey, {
      keyHash,
      withExpiry: true,
      withLimits: true,
    });
    const validity = this.validityOf(id);
    const found = {
      user: { id, name },
      limits,
      keyHash,
      begunAt,
      expiresAt: begunAt + expiresIn,
      wasReceiving,
      validity,
    };
    if (!this.isOutdated(found)) this.byHash.set(keyHash, found);
    return found;
  }
}

/** Whether `error` says that a key, or what else identifies its user, is missing or not accepted. */
export const isRefusal = (error: unknown): boolean => error instanceof ApiError && REFUSALS.has(error.code);

/** In hex. Only hashes of keys leave the process. */
export const hashOf = (key: string) => hashKey(key).toString('hex');
