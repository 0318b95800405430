import { tokenOf } from '@activity-feed/backend';
import type { User } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Logger } from '@activity-feed/hosting';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Announcements } from '../announce-writes/announcements';
import { answerKind } from '../answer-request/answer-request.kind';

/** Milliseconds between attempts. */
const INTERVAL = 2_000;
/** Requests accepted at the same time: commands of users must not wait behind them. */
const TOGETHER = 20;

/**
 * The requests of accounts that were made public, $1 at most. If the account is private again, requests made since then stay
 * open. Relies on the index follow_requests_of_target.
 */
const TO_ACCEPT = {
  name: 'find-published-requests',
  text: `
SELECT requester.id AS "requesterId", requester.name AS "requesterName", target.id AS "targetId", target.name AS "targetName"
FROM publications JOIN users AS target ON target.id = publications.user_id
JOIN follow_requests ON target_id = target.id AND (since <= publications.time OR NOT target.private)
JOIN users AS requester ON requester.id = requester_id
LIMIT $1`,
};

/**
 * Forgets accounts without such requests. Not at once: a request that was decided before the account became public may
 * still be committed, for as long as a transaction can take.
 */
const FORGET = {
  name: 'forget-publications',
  text: `
DELETE FROM publications USING users AS target
WHERE target.id = user_id AND publications.time < now() - interval '10 minutes' AND NOT EXISTS (
  SELECT FROM follow_requests
  WHERE target_id = user_id AND (since <= publications.time OR NOT target.private))`,
};

interface Row {
  requesterId: User['id'];
  requesterName: string;
  targetId: User['id'];
  targetName: string;
}

const acceptPublished = answerKind('published');

/**
 * Accepts the requests to follow accounts that were made public. An account is public at once, however many requests it
 * has. Resumes after a restart. Several instances may run at once.
 */
@Injectable()
export class PublishAccounts implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private publishing: Promise<void> | undefined;
  private isWanted = false;

  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
    private readonly log: Logger,
    private readonly announcements: Announcements,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), INTERVAL).unref();
  }

  /** Does not wait: the database may not answer, and the pool ends in time. */
  onApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.timer);
  }

  /** Looks for requests now. */
  wake(): void {
    this.isWanted = true;
    this.publishing ??= this.publishWanted()
      .catch((err) => {
        if (!this.stopping) this.log.warn({ err }, 'accepting requests to public accounts failed; retrying');
      })
      .finally(() => {
        this.publishing = undefined;
      });
  }

  private async publishWanted(): Promise<void> {
    while (this.isWanted && !this.stopping) {
      this.isWanted = false;
      await this.publish();
    }
  }

  /** Accepts all requests that are to be accepted. */
  async publish(): Promise<void> {
    for (let count = TOGETHER; count === TOGETHER && !this.stopping; ) {
      const { rows } = await this.pool.query<Row>(TO_ACCEPT, [TOGETHER]);
      await Promise.all(rows.map((row) => this.accept(row)));
      count = rows.length;
    }
    await this.pool.query(FORGET);
  }

  private async accept({ requesterId, requesterName, targetId, targetName }: Row): Promise<void> {
    const requester = { id: requesterId, name: requesterName };
    const target = { id: targetId, name: targetName };
    const outcome = await this.events.execute(acceptPublished, { requester, target, stream: requesterId });
    if (outcome.kind === 'rejected') throw new Error(`a request was not accepted: ${outcome.code}`);
    const accepted = outcome.kind === 'recorded' ? outcome.also : [];
    for (const event of accepted) void this.announcements.announce(tokenOf(event));
  }
}
