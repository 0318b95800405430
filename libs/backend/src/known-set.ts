import type { ErrorCode } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/**
 * Whether something exists: asked of a set in Redis first, and of the database for what is not in it. It keeps what
 * was made up from opening transactions; the transaction has the last word on the rest.
 */
export class KnownSet {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly existsInDatabase: (member: string) => Promise<boolean>,
  ) {}

  async has(member: string): Promise<boolean> {
    if (await attempt(this.redis.sismember(this.key, member))) return true;
    if (!(await this.existsInDatabase(member))) return false;
    await this.add(member);
    return true;
  }

  /** Nothing when `member` exists, else `code`: what a command about it can wait for in its place in the queue. */
  async orCode(member: string, code: ErrorCode): Promise<ErrorCode | undefined> {
    return (await this.has(member)) ? undefined : code;
  }

  async add(member: string): Promise<void> {
    await attempt(this.redis.sadd(this.key, member));
  }
}
