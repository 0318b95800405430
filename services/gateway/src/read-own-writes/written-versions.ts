import { SOURCES, type StreamPosition, type UserId } from '@activity-feed/contracts';
import { Logger } from '@activity-feed/hosting';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RedisTrust } from './redis-trust';
import { StreamVersions } from './stream-versions';
import { WriteNews } from './write-news';
import { type KnownWrites, WrittenHashes } from './written-hashes';

/** Users whose versions are kept in the process. */
const KEPT_USERS = 100_000;
export const REDIS_PREFIX = Symbol('REDIS_PREFIX');

/**
 * Each user's newest version at each source, which their reads must show whichever gateway answers. Kept in the
 * process as long as every other gateway's writes are heard of, and behind that in Redis; what Redis lacks is asked of
 * the write services, and so is everything while Redis may lack a write.
 */
@Injectable()
export class WrittenVersions implements OnApplicationShutdown {
  private readonly kept = new LRUCache<UserId, StreamPosition[]>({ max: KEPT_USERS });
  private readonly asking = new Map<UserId, Promise<StreamPosition[] | undefined>>();
  private readonly news: WriteNews;
  private readonly hashes: WrittenHashes;
  private readonly trust: RedisTrust;

  constructor(
    redis: Redis,
    private readonly versions: StreamVersions,
    @Inject(REDIS_PREFIX) prefix: string,
    logger: Logger,
  ) {
    this.hashes = new WrittenHashes(redis);
    this.news = new WriteNews({
      redis,
      hashes: this.hashes,
      prefix,
      onNews: (position) => this.note(position),
      onLost: () => this.forget(),
      onDistrust: () => this.trust.distrust(),
    });
    this.trust = new RedisTrust({
      isReceiving: () => this.news.complete,
      beginEpoch: () => this.hashes.beginEpoch(),
      onChange: (trusted) =>
        trusted
          ? logger.info({}, 'Redis is asked for users’ newest writes')
          : logger.warn({}, 'Redis may lack writes; the write services are asked for users’ newest ones'),
    });
  }

  /** Whether every write is received that other gateways answer. */
  get receivesAll(): boolean {
    return this.news.complete;
  }

  /** Resolves when every gateway's reads will show the write. */
  async remember(position: StreamPosition): Promise<void> {
    this.note(position);
    if (!(await this.news.tell(position))) this.trust.distrust();
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
    this.trust.close();
    this.news.close();
  }

  private note(position: StreamPosition): void {
    const { source, stream, version } = position;
    this.asking.delete(stream);
    this.versions.note(position);
    const known = this.kept.get(stream);
    if (!known) return;
    const others = known.filter((other) => other.source !== source);
    const newest = known.find((other) => other.source === source);
    if (!newest || newest.version < version) this.kept.set(stream, [...others, position]);
  }

  private forget(): void {
    this.trust.distrust();
    this.kept.clear();
    this.asking.clear();
    this.versions.forgetRefused();
  }

  private async ask(user: UserId): Promise<StreamPosition[] | undefined> {
    const known = this.trust.holds ? await this.inRedis(user) : undefined;
    const positions = known?.positions ?? (await this.askServices(user));
    // Noted there by who has read the epoch before they asked.
    if (known?.epoch && !known.positions && positions) void this.hashes.complete(user, known.epoch, positions);
    return positions?.filter(({ version }) => version > 0);
  }

  /** Undefined when Redis does not answer, or may lack something. */
  private async inRedis(user: UserId): Promise<KnownWrites | undefined> {
    const known = await this.hashes.read(user);
    if (!known?.epoch) this.trust.distrust();
    // It may have been lost meanwhile.
    return this.trust.holds ? known : undefined;
  }

  private async askServices(stream: UserId): Promise<StreamPosition[] | undefined> {
    const asked = SOURCES.map(async (source) => {
      const version = await this.versions.ask({ source, stream });
      return { source, stream, version };
    });
    return Promise.all(asked).catch(() => undefined);
  }
}
