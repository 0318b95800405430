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
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if tonumber(ARGV[2]) > known then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
return redis.call('EXPIRE', KEYS[1], ARGV[3])`;

/**
 * Each user's newest version at each source, which their reads must show whichever gateway answers. Kept in Redis;
 * what it lacks is asked of the write services, and so is all for a while after Redis was lost, as it may hold what is
 * no longer the newest.
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
    const kept = Date.now() >= this.distrustedUntil ? await this.kept(user) : undefined;
    const positions = kept ?? (await this.askServices(user));
    return positions?.filter(({ version }) => version > 0);
  }

  /** What Redis knows; undefined unless it knows all: what is missing may have been lost. */
  private async kept(stream: UserId): Promise<StreamPosition[] | undefined> {
    const versions = await attempt(this.redis.hmget(redisKey(stream), ...SOURCES));
    if (!versions) this.distrustFromNow();
    if (!versions || versions.includes(null)) return undefined;
    return SOURCES.map((source, index) => ({ source, stream, version: Number(versions[index]) }));
  }

  private async askServices(stream: UserId): Promise<StreamPosition[] | undefined> {
    const asked = SOURCES.map(async (source) => {
      const version = await this.services.ask(StreamVersion[source], { stream }, ASK_LIMIT);
      return { source, stream, version };
    });
    const positions = await Promise.all(asked).catch(() => undefined);
    await Promise.all((positions ?? []).map((position) => this.remember(position)));
    return positions;
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
