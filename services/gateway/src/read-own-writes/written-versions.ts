import { SOURCES, type StreamPosition, StreamVersion, type UserId } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Services } from '../services/services';

const LIFE_SECONDS = 24 * 60 * 60;
/** Milliseconds within which the write services must tell versions: a read is answered without rather than late. */
const ASK_LIMIT = 500;
export const REDIS_DISTRUST = Symbol('REDIS_DISTRUST');

/** Two gateways may write a user's versions in the wrong order: only a higher one replaces another. */
const REMEMBER = `
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if tonumber(ARGV[2]) > known then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
return redis.call('EXPIRE', KEYS[1], ARGV[3])`;

/**
 * Each user's newest version at each source, which their reads must show whichever gateway answers. Kept in Redis; for
 * a while after Redis was lost, or started anew, it may lack the newest, and the write services are asked instead.
 */
@Injectable()
export class WrittenVersions {
  /** Until the first connection is judged, nothing that Redis lacks means anything. */
  private distrustedUntil = Number.POSITIVE_INFINITY;
  private connectedBefore = false;

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
    @Inject(REDIS_DISTRUST) private readonly distrust: number,
  ) {
    redis.on('ready', () => this.onReady());
    if (redis.status === 'ready') void this.onReady();
  }

  async remember({ source, stream, version }: StreamPosition): Promise<void> {
    const remembered = await attempt(this.redis.eval(REMEMBER, 1, redisKey(stream), source, version, LIFE_SECONDS));
    if (remembered === undefined) this.distrustFromNow();
  }

  /** What `user` has written last at each source; undefined when nobody can tell. */
  async newest(user: UserId): Promise<StreamPosition[] | undefined> {
    if (Date.now() >= this.distrustedUntil) {
      const versions = await attempt(this.redis.hgetall(redisKey(user)));
      if (versions) return positions(user, (source) => Number(versions[source] ?? 0));
      this.distrustFromNow();
    }
    return this.askServices(user);
  }

  private async askServices(user: UserId): Promise<StreamPosition[] | undefined> {
    const asked = SOURCES.map((source) => this.services.ask(StreamVersion[source], { stream: user }, ASK_LIMIT));
    const versions = await Promise.all(asked).catch(() => undefined);
    return versions && positions(user, (_source, index) => versions[index] as number);
  }

  private async onReady(): Promise<void> {
    const info = this.connectedBefore ? undefined : await attempt(this.redis.info('server'));
    this.connectedBefore = true;
    // A server that has just started has lost what it was told before.
    const uptime = Number(/uptime_in_seconds:(\d+)/.exec(info ?? '')?.[1] ?? 0) * 1_000;
    if (uptime >= this.distrust) this.distrustedUntil = 0;
    else this.distrustFromNow();
  }

  private distrustFromNow(): void {
    this.distrustedUntil = Date.now() + this.distrust;
  }
}

const redisKey = (user: UserId) => `written:${user}`;

const positions = (stream: UserId, version: (source: StreamPosition['source'], index: number) => number) =>
  SOURCES.map((source, index) => ({ source, stream, version: version(source, index) })).filter(
    ({ version }) => version > 0,
  );
