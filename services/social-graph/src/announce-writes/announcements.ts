import { randomUUID } from 'node:crypto';
import { announcementChannel, encodeAnnouncement } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';

export const REDIS_PREFIX = Symbol('REDIS_PREFIX');

/**
 * Announces what gateways must know although none of them may have caused it, or may still be able to announce it. Nobody
 * confirms these announcements. Without Redis the gateways discard what they keep by its age.
 */
@Injectable()
export class Announcements {
  private readonly sender = randomUUID();
  private readonly channel: string;
  private sent = 0;

  constructor(
    private readonly redis: Redis,
    @Inject(REDIS_PREFIX) prefix: string,
  ) {
    this.channel = announcementChannel(prefix);
  }

  /** Resolves when Redis has published it, or does not answer. */
  async announce(token: string, marks: readonly string[] = []): Promise<void> {
    const announcement = { sender: this.sender, number: ++this.sent, token, marks };
    await attempt(this.redis.publish(this.channel, encodeAnnouncement(announcement)));
  }
}
