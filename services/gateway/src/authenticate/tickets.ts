import { createHash, randomBytes } from 'node:crypto';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { hashOf } from './identities';

/** Seconds for which a ticket is valid. */
export const TICKET_SECONDS = 30;
const BYTES = 24;
const FORMAT = /^[A-Za-z0-9_-]{32}$/;
/** Tickets that this process keeps while Redis does not answer. */
const KEPT = 10_000;

/**
 * Tickets for requests that cannot have the key in a header. Each is valid once, at every gateway; those that are issued while
 * Redis does not answer, only at the gateway that issued them.
 */
@Injectable()
export class Tickets {
  /** The hashes of keys, by those of tickets. */
  private readonly kept = new LRUCache<string, string>({ max: KEPT, ttl: TICKET_SECONDS * 1_000 });

  constructor(private readonly redis: Redis) {}

  async issue(key: string): Promise<string> {
    const ticket = newTicket();
    if (await attempt(this.redis.set(redisKey(ticket), hashOf(key), 'EX', TICKET_SECONDS))) return ticket;
    // Another one: Redis may have stored the first, which would be valid twice.
    const own = newTicket();
    this.kept.set(redisKey(own), hashOf(key));
    return own;
  }

  /** The hash of the key for which a ticket was issued. The ticket is then invalid. Throws ApiError TICKET_INVALID. */
  async redeem(ticket: unknown): Promise<string> {
    if (typeof ticket !== 'string' || !FORMAT.test(ticket)) throw new ApiError('TICKET_INVALID');
    return this.take(redisKey(ticket));
  }

  private async take(name: string): Promise<string> {
    const kept = this.kept.get(name);
    this.kept.delete(name);
    const found = kept ?? (await attempt(this.redis.getdel(name).then((value) => ({ value }))));
    if (found === undefined) throw new ApiError('SERVICE_UNAVAILABLE');
    const keyHash = typeof found === 'string' ? found : found.value;
    if (keyHash === null) throw new ApiError('TICKET_INVALID');
    return keyHash;
  }
}

const newTicket = () => randomBytes(BYTES).toString('base64url');

/** Redis does not get the ticket itself. */
const redisKey = (ticket: string) => `ticket:${createHash('sha256').update(ticket).digest('base64url')}`;
