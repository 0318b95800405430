import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  announcementChannel,
  decodeAnnouncement,
  decodeToken,
  encodeAnnouncement,
  encodeToken,
  type StreamPosition,
} from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { marksOf, readMarks, type WrittenBy } from './write-marks';
import type { WrittenHashes } from './written-hashes';

/** Milliseconds between messages of a gateway to itself. */
const BEAT = 100;
/** Milliseconds for which a gateway counts as receiving, from when it sent a message to itself that has arrived. */
const LEASE = 250;
/** A command that times out only after this many milliseconds, instead of 200, shows that this process was busy. */
const BUSY = 250;
/** Milliseconds that a write waits for other gateways; longer than the lease, see {@link WriteAnnouncements}. */
const HEARD_LIMIT = 300;

/** Milliseconds between checks whether the others know that they have missed a write. */
const CHECK_INTERVAL = 20;

/** Appended to a message: Redis may lack this write. Earlier versions ignore the word. */
const DISTRUST = 'distrust';
/** Sent instead of a token: some writes were not published. */
const MISSED = '-';

/** Returns the text of a message. */
type Words = (token: string, ...marks: string[]) => string;

export interface WriteAnnouncementsOptions {
  redis: Redis;
  hashes: Pick<WrittenHashes, 'remember'>;
  /** Prefix of channel names; the client's key prefix does not apply to them. */
  prefix: string;
  /** Called with each write that another gateway announces. */
  onAnnounced(position: StreamPosition, by: WrittenBy): void;
  /** Called when announcements may have been missed: cached versions may be outdated. */
  onLost(): void;
  /** Called when Redis may lack a write, or a command has failed. */
  onDistrust(): void;
}

/**
 * Announces each write to all gateways before the write is answered, so that their reads need not look it up.
 *
 * A write waits until all other gateways have confirmed it, but at most as long as a lease. Every gateway sends
 * messages to itself over the connection on which it receives announcements, which keeps their order, and trusts its
 * cache only while the last such message that came back was sent less than a lease ago. A gateway that has missed a
 * write therefore no longer trusts its cache when the write is answered.
 */
export class WriteAnnouncements {
  private readonly id = randomUUID();
  private readonly subscriber: Redis;
  private readonly channel: string;
  private readonly beats: NodeJS.Timeout;
  private readonly waiting = new Map<number, () => void>();
  private sent = 0;
  private subscribed = false;
  private heardUntil = Number.NEGATIVE_INFINITY;
  /** Number of gateways that received the last announcement, including this one. */
  private receivers = Number.POSITIVE_INFINITY;
  /** Time of the first unanswered command since the last answered one. */
  private silentSince: number | undefined;
  /** Time of the last failed command, until a message that was sent later comes back. */
  private failedAt: number | undefined;
  /** Number of writes that were not published, and how many of them the others know to have missed. */
  private unpublished = 0;
  private admitted = 0;

  constructor(private readonly options: WriteAnnouncementsOptions) {
    this.channel = announcementChannel(options.prefix);
    // Automatic resubscription does not report whether it succeeded.
    this.subscriber = options.redis.duplicate({ autoResubscribe: false });
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => this.lose());
    this.subscriber.on('message', (channel, text) => this.hear(channel, text));
    // The next connection may reach another server, or one with an earlier state.
    options.redis.on('close', () => this.fail(performance.now()));
    options.redis.on('ready', () => void this.admit());
    this.beats = setInterval(() => this.beat(), BEAT);
  }

  /** Whether every write acknowledged so far has been received. */
  get complete(): boolean {
    return performance.now() - this.heardUntil < LEASE;
  }

  /** Stores `position` in Redis and announces it. False if Redis may lack it; the other gateways then know that. */
  async announce(position: StreamPosition, by: WrittenBy = {}): Promise<boolean> {
    const token = encodeToken(position);
    const marks = marksOf(by);
    const { hashes } = this.options;
    if (await this.confirm((words) => hashes.remember(position, this.channel, words(token, ...marks)))) return true;
    // With a new number, because the unconfirmed message may still reach the others later.
    const told = await this.confirm((words) => this.publish(words(token, DISTRUST, ...marks)));
    if (!told) await this.outlastLeases();
    return false;
  }

  close(): void {
    clearInterval(this.beats);
    this.subscriber.disconnect();
  }

  /** Sends a message and waits until all receivers have confirmed it. False if Redis does not answer. */
  private async confirm(send: (words: Words) => Promise<number | undefined>): Promise<boolean> {
    const number = ++this.sent;
    const words: Words = (token, ...marks) => encodeAnnouncement({ sender: this.id, number, token, marks });
    const { promise: allHeard, resolve } = Promise.withResolvers<void>();
    let heard = 0;
    let wanted = Number.POSITIVE_INFINITY;
    // Registered before sending, as confirmations may arrive first.
    this.waiting.set(number, () => {
      heard++;
      if (heard >= wanted) resolve();
    });
    try {
      const receivers = await send(words);
      if (receivers === undefined) return false;
      this.silentSince = undefined;
      this.receivers = receivers;
      // Including this gateway, which receives its own announcements.
      wanted = receivers;
      if (heard < wanted) await Promise.race([allHeard, pause(HEARD_LIMIT)]);
      return true;
    } finally {
      this.waiting.delete(number);
    }
  }

  private get ownChannel(): string {
    return `${this.channel}:${this.id}`;
  }

  private async subscribe(): Promise<void> {
    this.subscribed = (await attempt(this.subscriber.subscribe(this.channel, this.ownChannel))) !== undefined;
  }

  private beat(): void {
    void this.admit();
    if (this.subscriber.status !== 'ready') return;
    if (this.subscribed) void this.say(this.ownChannel, `beat ${performance.now()}`);
    else void this.subscribe();
  }

  private hear(channel: string, text: string): void {
    if (channel === this.ownChannel) {
      const [kind, value] = text.split(' ', 2) as [string, string];
      if (kind === 'beat') this.hearBeat(Number(value));
      else this.waiting.get(Number(value))?.();
      return;
    }
    const { sender, number, token, marks } = decodeAnnouncement(text);
    if (sender === this.id) {
      this.waiting.get(number)?.();
      return;
    }
    const position = decodeToken(token);
    if (position) this.options.onAnnounced(position, readMarks(marks));
    if (token === MISSED) this.options.onLost();
    else if (marks.includes(DISTRUST)) this.options.onDistrust();
    void this.say(`${this.channel}:${sender}`, `heard ${number}`);
  }

  private hearBeat(sentAt: number): void {
    if (this.failedAt !== undefined && sentAt > this.failedAt) {
      // Other gateways may have failed too, and may have answered writes without announcing them.
      this.failedAt = undefined;
      this.options.onLost();
    }
    this.heardUntil = Math.max(this.heardUntil, sentAt);
    this.silentSince = undefined;
  }

  /**
   * Publishes a message that no write waits for. A timeout that fires late means that this process was busy, not that
   * Redis is down; the next beat will tell.
   */
  private async say(channel: string, text: string): Promise<void> {
    const sentAt = performance.now();
    const receivers = await attempt(this.options.redis.publish(channel, text));
    if (receivers === undefined && performance.now() - sentAt < BUSY) this.fail(sentAt);
  }

  private async publish(text: string): Promise<number | undefined> {
    const sentAt = performance.now();
    const receivers = await attempt(this.options.redis.publish(this.channel, text));
    if (receivers === undefined) this.fail(sentAt);
    return receivers;
  }

  private fail(sentAt: number): void {
    this.failedAt = Math.max(sentAt, this.failedAt ?? sentAt);
    this.options.onDistrust();
  }

  private lose(): void {
    this.subscribed = false;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.options.onLost();
  }

  /**
   * Waits until the others know that they have missed a write, or until all leases have ended: gateways that receive
   * nothing then no longer trust their caches.
   */
  private async outlastLeases(): Promise<void> {
    const write = ++this.unpublished;
    this.silentSince ??= performance.now();
    const end = this.silentSince + HEARD_LIMIT;
    while (this.admitted < write && this.receivers > 1 && performance.now() < end) await pause(CHECK_INTERVAL);
  }

  /** Notifies the others that they have missed writes, if they do not know yet. */
  private async admit(): Promise<void> {
    const { unpublished } = this;
    if (this.admitted === unpublished) return;
    const told = await this.confirm((words) => this.publish(words(MISSED, DISTRUST)));
    if (told) this.admitted = Math.max(this.admitted, unpublished);
  }
}
