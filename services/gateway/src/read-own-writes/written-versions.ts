import { SOURCES, type StreamPosition, StreamVersion, type UserId } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';
import { WriteNews } from './write-news';

const LIFE_SECONDS = 24 * 60 * 60;
/** Milliseconds within which the write services must tell versions: a read is answered without rather than late. */
const ASK_LIMIT = 500;
/** Users whose versions are kept in the process. */
const KEPT_USERS = 100_000;
export const REDIS_DISTRUST = Symbol('REDIS_DISTRUST');
export const REDIS_PREFIX = Symbol('REDIS_PREFIX');

/**
 * Each user's newest version at each source, which their reads must show whichever gateway answers. Kept in the
 * process as long as every other gateway's writes are heard of, and behind that in Redis; what Redis lacks is asked of
 * the write services, and so is all for a while after Redis was lost, as it may hold what is no longer the newest.
 */
@Injectable()
export class WrittenVersions implements OnApplicationShutdown {
  /** Until the first connection is judged, nothing that Redis lacks means anything. */
  private distrustedUntil = Number.POSITIVE_INFINITY;
  private connectedBefore = false;
  private readonly kept = new LRUCache<UserId, StreamPosition[]>({ max: KEPT_USERS });
  private readonly asking = new Map<UserId, Promise<StreamPosition[] | undefined>>();
  private readonly news: WriteNews;

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
    @Inject(REDIS_DISTRUST) private readonly distrust: number,
    @Inject(REDIS_PREFIX) prefix: string,
  ) {
    this.news = new WriteNews({
      redis,
      prefix,
      onNews: (position) => this.note(position),
      onLost: () => this.forget(),
    });
    redis.on('ready', () => this.onReady());
    if (redis.status === 'ready') void this.onReady();
  }

  /** Resolves when every gateway's reads will show the write. */
  async remember(position: StreamPosition): Promise<void> {
    this.note(position);
    const told = await this.news.tell(position, redisKey(position.stream), LIFE_SECONDS);
    if (!told) this.distrustFromNow();
  }

  /** What `user` has written last at each source, as far as that is known without asking anybody. */
  known(user: UserId): StreamPosition[] | undefined {
    return this.news.complete ? this.kept.get(user) : undefined;
  }

  /** What `user` has written last at each source; undefined when nobody can tell. */
  async newest(user: UserId): Promise<StreamPosition[] | undefined> {
    if (!this.news.complete) return this.ask(user);
    const asked = this.asking.get(user) ?? this.ask(user);
    this.asking.set(user, asked);
    const positions = await asked;
    // Unless a write was heard of meanwhile, or what was heard may not be all.
    if (this.asking.get(user) === asked && positions) this.kept.set(user, positions);
    if (this.asking.get(user) === asked) this.asking.delete(user);
    return positions;
  }

  onApplicationShutdown(): void {
    this.news.close();
  }

  private note(position: StreamPosition): void {
    const { source, stream, version } = position;
    this.asking.delete(stream);
    const known = this.kept.get(stream);
    if (!known) return;
    const others = known.filter((other) => other.source !== source);
    const newest = known.find((other) => other.source === source);
    if (!newest || newest.version < version) this.kept.set(stream, [...others, position]);
  }

  private forget(): void {
    this.kept.clear();
    this.asking.clear();
  }

  private async ask(user: UserId): Promise<StreamPosition[] | undefined> {
    const kept = Date.now() >= this.distrustedUntil ? await this.inRedis(user) : undefined;
    const positions = kept ?? (await this.askServices(user));
    return positions?.filter(({ version }) => version > 0);
  }

  /** What Redis knows; undefined unless it knows all: what is missing may have been lost. */
  private async inRedis(stream: UserId): Promise<StreamPosition[] | undefined> {
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
    const keep = (position: StreamPosition) => this.news.keep(position, redisKey(stream), LIFE_SECONDS);
    await Promise.all((positions ?? []).map(keep));
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
