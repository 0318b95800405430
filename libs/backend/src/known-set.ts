import type { ErrorCode } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/**
 * Whether something exists: looked up in a Redis set first, then in the database. It keeps commands with invented names
 * or ids from opening transactions. Redis may be wrong, so the transaction checks again.
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

  /** Undefined if `member` exists, else `code`; fits as a command's precondition. */
  async orCode(member: string, code: ErrorCode): Promise<ErrorCode | undefined> {
    return (await this.has(member)) ? undefined : code;
  }

  async add(member: string): Promise<void> {
    await attempt(this.redis.sadd(this.key, member));
  }
}
