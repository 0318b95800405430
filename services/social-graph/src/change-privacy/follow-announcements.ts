import { randomUUID } from 'node:crypto';
import { tokenOf } from '@activity-feed/backend';
import { announcementChannel, encodeAnnouncement, type StoredEvent } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';

export const REDIS_PREFIX = Symbol('REDIS_PREFIX');

/**
 * Announces events that no command of a gateway has caused, so that the gateways discard what they keep of their users.
 * Nobody waits for these events: without Redis the gateways discard it by its age.
 */
@Injectable()
export class FollowAnnouncements {
  private readonly sender = randomUUID();
  private readonly channel: string;
  private sent = 0;

  constructor(
    private readonly redis: Redis,
    @Inject(REDIS_PREFIX) prefix: string,
  ) {
    this.channel = announcementChannel(prefix);
  }

  announce(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const announcement = { sender: this.sender, number: ++this.sent, token: tokenOf(event), marks: [] };
      void attempt(this.redis.publish(this.channel, encodeAnnouncement(announcement)));
    }
  }
}
