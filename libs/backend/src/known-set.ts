import type { ErrorCode } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/** The most members that are kept in this process. */
const MOST = 100_000;
/** Milliseconds in which new members are gathered for one command to Redis. */
const GATHERED = 50;

/**
 * Whether something exists: looked up in this process first, then in a Redis set, then in the database. It keeps commands with invented
 * names or ids from opening transactions. Members are never removed. Redis may be wrong, so the transaction checks again.
 */
export class KnownSet {
  private readonly kept = new Set<string>();
  private added: string[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly existsInDatabase: (member: string) => Promise<boolean>,
  ) {}

  async has(member: string): Promise<boolean> {
    if (this.kept.has(member)) return true;
    if (await attempt(this.redis.sismember(this.key, member))) this.keep(member);
    else if (await this.existsInDatabase(member)) this.add(member);
    return this.kept.has(member);
  }

  /** Undefined if `member` exists, else `code`; fits as a command's precondition. */
  async orCode(member: string, code: ErrorCode): Promise<ErrorCode | undefined> {
    return (await this.has(member)) ? undefined : code;
  }

  /** Other processes know it a little later: they look it up in the database until then. */
  add(member: string): void {
    this.keep(member);
    if (this.added.length === 0) setTimeout(() => void this.tellRedis(), GATHERED).unref();
    this.added.push(member);
  }

  private keep(member: string): void {
    if (this.kept.size >= MOST) this.kept.clear();
    this.kept.add(member);
  }

  private async tellRedis(): Promise<void> {
    const { added } = this;
    this.added = [];
    await attempt(this.redis.sadd(this.key, ...added));
  }
}
