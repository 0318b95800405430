import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeToken, encodeToken, type StreamPosition } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/** Milliseconds between two messages to oneself. */
const BEAT = 100;
/** Milliseconds after the sending of the last message that came back during which nothing can have been missed. */
const LEASE = 250;
/** Milliseconds for which a write waits for the other gateways; longer than the lease, see {@link WriteNews}. */
const HEARD_LIMIT = 300;

/** Two gateways may write a user's versions in the wrong order: only a higher one replaces another. */
const REMEMBER = `
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if tonumber(ARGV[2]) > known then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
if ARGV[4] == '' then return 0 end
return redis.call('PUBLISH', ARGV[4], ARGV[5])`;

export interface WriteNewsOptions {
  redis: Redis;
  /** Before the names of channels, which a client's prefix for keys does not reach. */
  prefix: string;
  /** Called with each write that another gateway tells of. */
  onNews(position: StreamPosition): void;
  /** Called when news may have been missed. */
  onLost(): void;
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

  constructor(private readonly options: WriteNewsOptions) {
    this.channel = `${options.prefix}written`;
    this.subscriber = options.redis.duplicate();
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => this.lose());
    this.subscriber.on('message', (channel, text) => this.hear(channel, text));
    this.beats = setInterval(() => this.beat(), BEAT);
  }

  /** Whether every write that was answered until now has been heard of. */
  get complete(): boolean {
    return performance.now() - this.heardUntil < LEASE;
  }

  /** Keeps `position` under `key` for `seconds` and tells the others. False when Redis does not answer. */
  async tell(position: StreamPosition, key: string, seconds: number): Promise<boolean> {
    const { source, version } = position;
    const message = `${this.id} ${++this.sent}`;
    const args = [source, version, seconds, this.channel, `${message} ${encodeToken(position)}`];
    const { promise: allHeard, resolve } = Promise.withResolvers<void>();
    let heard = 0;
    let wanted = Number.POSITIVE_INFINITY;
    // Listened for before it is told.
    this.waiting.set(message, () => {
      heard++;
      if (heard >= wanted) resolve();
    });
    try {
      const receivers = await attempt(this.options.redis.eval(REMEMBER, 1, key, ...args) as Promise<number>);
      if (receivers === undefined) return await this.outlastLeases();
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

  /** Keeps `position` as {@link tell} does, without telling anybody: it is no news. */
  async keep({ source, version }: StreamPosition, key: string, seconds: number): Promise<void> {
    await attempt(this.options.redis.eval(REMEMBER, 1, key, source, version, seconds, '', ''));
  }

  close(): void {
    clearInterval(this.beats);
    this.subscriber.disconnect();
  }

  private get ownChannel(): string {
    return `${this.channel}:${this.id}`;
  }

  private async subscribe(): Promise<void> {
    this.subscribed = (await attempt(this.subscriber.subscribe(this.channel, this.ownChannel))) !== undefined;
  }

  private beat(): void {
    if (this.subscriber.status !== 'ready') return;
    if (this.subscribed) void attempt(this.publish(this.ownChannel, `beat ${performance.now()}`));
    else void this.subscribe();
  }

  private hear(channel: string, text: string): void {
    if (channel === this.ownChannel) {
      const [kind, value] = text.split(' ', 2) as [string, string];
      if (kind === 'beat') this.heardUntil = Math.max(this.heardUntil, Number(value));
      else this.waiting.get(`${this.id} ${value}`)?.();
      return;
    }
    const [sender, number, token = ''] = text.split(' ');
    if (sender === this.id) {
      this.waiting.get(`${sender} ${number}`)?.();
      return;
    }
    const position = decodeToken(token);
    if (position) this.options.onNews(position);
    void attempt(this.publish(`${this.channel}:${sender}`, `heard ${number}`));
  }

  private publish(channel: string, text: string): Promise<unknown> {
    return this.options.redis.publish(channel, text);
  }

  private lose(): void {
    this.subscribed = false;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.options.onLost();
  }

  /** Nobody can be told: by then, whoever hears nothing either does not trust itself any more. */
  private async outlastLeases(): Promise<false> {
    this.silentSince ??= performance.now();
    const rest = this.silentSince + HEARD_LIMIT - performance.now();
    if (rest > 0 && this.receivers > 1) await pause(rest);
    return false;
  }
}
