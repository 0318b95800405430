import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeToken, encodeToken, type StreamPosition } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import type { WrittenHashes } from './written-hashes';

/** Milliseconds between two messages to oneself. */
const BEAT = 100;
/** Milliseconds after the sending of the last message that came back during which nothing can have been missed. */
const LEASE = 250;
/** Milliseconds after which the time-out of a command, 200 ms, is late. */
const BUSY = 250;
/** Milliseconds for which a write waits for the other gateways; longer than the lease, see {@link WriteNews}. */
const HEARD_LIMIT = 300;

/** Milliseconds from one look at whether the others know of a write that Redis did not publish to the next. */
const LOOK = 20;

/** At the end of a message: Redis may lack this write. An earlier gateway reads past it. */
const DISTRUST = 'distrust';
/** In place of a write: there are some that were not published. */
const MISSED = '-';

export interface WriteNewsOptions {
  redis: Redis;
  hashes: Pick<WrittenHashes, 'remember'>;
  /** Before the names of channels, which a client's prefix for keys does not reach. */
  prefix: string;
  /** Called with each write that another gateway tells of. */
  onNews(position: StreamPosition): void;
  /** Called when writes may have been missed: whatever is known may be old. */
  onLost(): void;
  /** Called when Redis may lack a write, or has not done what it was told. */
  onDistrust(): void;
}

/**
 * Tells all gateways of each user's newest write before the write is answered, so that a read need not ask for it.
 *
 * A write waits until the others have said that they heard of it. One that hangs is not waited for longer than its
 * lease: every gateway sends itself messages on the channel on which it hears, which keeps their order, and trusts what
 * it knows only while the last of them that came back was sent less than a lease ago. Whoever has not heard of a write
 * when that is answered does not trust itself any more, and asks.
 */
export class WriteNews {
  private readonly id = randomUUID();
  private readonly subscriber: Redis;
  private readonly channel: string;
  private readonly beats: NodeJS.Timeout;
  private readonly waiting = new Map<string, () => void>();
  private sent = 0;
  private subscribed = false;
  private heardUntil = Number.NEGATIVE_INFINITY;
  /** How many gateways heard the last write, this one included. */
  private receivers = Number.POSITIVE_INFINITY;
  /** When Redis did not answer for the first time since it last did. */
  private silentSince: number | undefined;
  /** When Redis last failed this gateway, unless a message that was sent later has come back. */
  private failedAt: number | undefined;
  /** How many writes were not published, and of how many of these the others know that they have missed some. */
  private unpublished = 0;
  private admitted = 0;

  constructor(private readonly options: WriteNewsOptions) {
    this.channel = `${options.prefix}written`;
    // What it subscribes to by itself, it does without a look at what comes of it.
    this.subscriber = options.redis.duplicate({ autoResubscribe: false });
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => this.lose());
    this.subscriber.on('message', (channel, text) => this.hear(channel, text));
    // Whatever answers at its next connection may be another server, or an earlier state.
    options.redis.on('close', () => this.fail(performance.now()));
    options.redis.on('ready', () => void this.admit());
    this.beats = setInterval(() => this.beat(), BEAT);
  }

  /** Whether every write that was answered until now has been heard of. */
  get complete(): boolean {
    return performance.now() - this.heardUntil < LEASE;
  }

  /** Keeps `position` in Redis and tells the others. False when Redis may lack it, which they know by then. */
  async tell(position: StreamPosition): Promise<boolean> {
    const token = encodeToken(position);
    const { hashes } = this.options;
    if (await this.announce((message) => hashes.remember(position, this.channel, `${message} ${token}`))) return true;
    // By another number: what Redis did not confirm may come to the others all the same, even later.
    const told = await this.announce((message) => this.publish(`${message} ${token} ${DISTRUST}`));
    if (!told) await this.outlastLeases();
    return false;
  }

  close(): void {
    clearInterval(this.beats);
    this.subscriber.disconnect();
  }

  /** Sends a message and waits until all who receive it have said so. False when Redis does not confirm it. */
  private async announce(send: (message: string) => Promise<number | undefined>): Promise<boolean> {
    const message = `${this.id} ${++this.sent}`;
    const { promise: allHeard, resolve } = Promise.withResolvers<void>();
    let heard = 0;
    let wanted = Number.POSITIVE_INFINITY;
    // Listened for before it is told.
    this.waiting.set(message, () => {
      heard++;
      if (heard >= wanted) resolve();
    });
    try {
      const receivers = await send(message);
      if (receivers === undefined) return false;
      this.silentSince = undefined;
      this.receivers = receivers;
      // This one included, which hears itself as the others do.
      wanted = receivers;
      if (heard < wanted) await Promise.race([allHeard, pause(HEARD_LIMIT)]);
      return true;
    } finally {
      this.waiting.delete(message);
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
      else this.waiting.get(`${this.id} ${value}`)?.();
      return;
    }
    const [sender, number, token = '', mark] = text.split(' ');
    if (sender === this.id) {
      this.waiting.get(`${sender} ${number}`)?.();
      return;
    }
    const position = decodeToken(token);
    if (position) this.options.onNews(position);
    if (token === MISSED) this.options.onLost();
    else if (mark === DISTRUST) this.options.onDistrust();
    void this.say(`${this.channel}:${sender}`, `heard ${number}`);
  }

  private hearBeat(sentAt: number): void {
    if (this.failedAt !== undefined && sentAt > this.failedAt) {
      // What failed this gateway may have failed others, whose writes were answered without being published.
      this.failedAt = undefined;
      this.options.onLost();
    }
    this.heardUntil = Math.max(this.heardUntil, sentAt);
    this.silentSince = undefined;
  }

  /**
   * Publishes what no write waits for. A time-out that comes late itself says that this process was busy, not that Redis
   * does not answer: whether it does, the next beat finds out.
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
   * Waits until the others know that they have missed a write, or nobody can be told: then whoever hears nothing either
   * does not trust itself any more.
   */
  private async outlastLeases(): Promise<void> {
    const write = ++this.unpublished;
    this.silentSince ??= performance.now();
    const end = this.silentSince + HEARD_LIMIT;
    while (this.admitted < write && this.receivers > 1 && performance.now() < end) await pause(LOOK);
  }

  /** Tells the others that they have missed writes, if they do not know it. */
  private async admit(): Promise<void> {
    const { unpublished } = this;
    if (this.admitted === unpublished) return;
    const told = await this.announce((message) => this.publish(`${message} ${MISSED} ${DISTRUST}`));
    if (told) this.admitted = Math.max(this.admitted, unpublished);
  }
}
