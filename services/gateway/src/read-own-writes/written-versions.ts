import { type Source, type StreamPosition, type UserId, WRITE_SERVICES } from '@activity-feed/contracts';
import { Logger } from '@activity-feed/hosting';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { AccountChanges } from './account-changes';
import { RedisTrust } from './redis-trust';
import { StreamVersions } from './stream-versions';
import { UnsentWrites } from './unsent-writes';
import { WriteAnnouncements } from './write-announcements';
import type { WrittenBy } from './write-marks';
import { WritesElsewhere } from './writes-elsewhere';
import { type KnownWrites, WrittenHashes } from './written-hashes';

/** Maximum users whose versions are cached in this process. */
const KEPT_USERS = 100_000;
export const REDIS_PREFIX = Symbol('REDIS_PREFIX');

/**
 * Each user's newest version at each source, which the user's reads must show, whichever gateway answers. Cached in
 * this process while it receives the announcements of all gateways, then in Redis. The write services are asked for
 * what Redis lacks, and for everything while Redis may lack a write.
 */
@Injectable()
export class WrittenVersions implements OnApplicationShutdown {
  private readonly kept = new LRUCache<UserId, StreamPosition[]>({ max: KEPT_USERS });
  private readonly asking = new Map<UserId, Promise<StreamPosition[] | undefined>>();
  private readonly elsewhere = new WritesElsewhere();
  /** Of all gateways. */
  readonly unsent = new UnsentWrites();
  private readonly announcements: WriteAnnouncements;
  private readonly hashes: WrittenHashes;
  private readonly trust: RedisTrust;
  private readonly accountChanges = new AccountChanges();
  private keysChanged: (user: UserId) => void = () => undefined;
  private limitsChanged: (user: UserId) => void = () => undefined;
  private lost: () => void = () => undefined;

  constructor(
    redis: Redis,
    private readonly versions: StreamVersions,
    @Inject(REDIS_PREFIX) prefix: string,
    logger: Logger,
  ) {
    this.hashes = new WrittenHashes(redis);
    this.announcements = new WriteAnnouncements({
      redis,
      hashes: this.hashes,
      prefix,
      onAnnounced: (position, by) => this.note(position, by),
      onLost: () => this.forget(),
      onDistrust: () => this.trust.distrust(),
    });
    this.trust = new RedisTrust({
      isReceiving: () => this.announcements.complete,
      beginEpoch: () => this.hashes.beginEpoch(),
      onChange: (trusted) =>
        trusted
          ? logger.info({}, 'Redis has all writes again; reading the newest writes of users from it')
          : logger.warn({}, 'Redis may lack writes; asking the write services for the newest writes of users'),
    });
  }

  /** Whether this gateway receives the announcements of all other gateways. */
  get receivesAll(): boolean {
    return this.announcements.complete;
  }

  /** Resolves when the reads of every gateway will show the write. */
  async remember(position: StreamPosition, by: WrittenBy = {}): Promise<void> {
    this.note(position, by);
    if (!(await this.announcements.announce(position, by))) this.trust.distrust();
  }

  /** `listener` is called when a user was suspended or reinstated, or keys of the user were revoked, through any gateway. */
  onKeysChanged(listener: (user: UserId) => void): void {
    this.keysChanged = listener;
  }

  /** `listener` is called when rate limits of a user were set, through any gateway. */
  onLimitsChanged(listener: (user: UserId) => void): void {
    this.limitsChanged = listener;
  }

  /** `listener` is called when announcements may have been missed. */
  onLost(listener: () => void): void {
    this.lost = listener;
  }

  /** Positions of privacy changes and suspensions: those of `users`, and recent ones of anybody. */
  accountsOf(users: readonly UserId[]): StreamPosition[] {
    return this.accountChanges.of(users);
  }

  /** The newest versions of `user` from this process's cache. */
  known(user: UserId): StreamPosition[] | undefined {
    const own = this.announcements.complete ? this.kept.get(user) : undefined;
    return own && this.elsewhere.addTo(own, user);
  }

  /**
   * The newest position of `user` at `source` from this process's cache. The same object is returned for as long as no
   * later write was announced and no announcement can have been missed.
   */
  position(source: Source, user: UserId): StreamPosition | undefined {
    const own = this.announcements.complete ? this.kept.get(user) : undefined;
    return own?.find((position) => position.source === source);
  }

  /** The newest versions of `user`; undefined if neither Redis nor the services answer. */
  async newest(user: UserId): Promise<StreamPosition[] | undefined> {
    const own = await this.newestOwn(user);
    return own && this.elsewhere.addTo(own, user);
  }

  onApplicationShutdown(): void {
    this.trust.close();
    this.announcements.close();
  }

  private async newestOwn(user: UserId): Promise<StreamPosition[] | undefined> {
    if (!this.announcements.complete) return this.ask(user);
    const asked = this.asking.get(user) ?? this.ask(user);
    this.asking.set(user, asked);
    const positions = await asked;
    // Not cached if a write was announced in the meantime, or announcements may have been missed.
    if (this.asking.get(user) === asked && positions) this.kept.set(user, positions);
    if (this.asking.get(user) === asked) this.asking.delete(user);
    return positions;
  }

  private note(position: StreamPosition, { writer, changesAccount, changesKeys, changesLimits }: WrittenBy): void {
    const { source, stream, version } = position;
    if (changesAccount) this.accountChanges.note(position);
    if (changesKeys || changesAccount === 'suspension') this.keysChanged(stream);
    if (changesLimits) this.limitsChanged(stream);
    if (writer !== undefined) this.elsewhere.note(writer, position);
    this.asking.delete(stream);
    this.versions.note(position);
    this.unsent.note(position);
    const known = this.kept.get(stream);
    if (!known) return;
    const others = known.filter((other) => other.source !== source);
    const newest = known.find((other) => other.source === source);
    if (!newest || newest.version < version) this.kept.set(stream, [...others, position]);
  }

  private forget(): void {
    this.lost();
    this.trust.distrust();
    this.kept.clear();
    this.asking.clear();
    this.versions.forgetRefused();
  }

  private async ask(user: UserId): Promise<StreamPosition[] | undefined> {
    const known = this.trust.holds ? await this.inRedis(user) : undefined;
    const positions = known?.positions ?? (await this.askServices(user));
    // Valid because the epoch was read before the services were asked.
    if (known?.epoch && !known.positions && positions) void this.hashes.complete(user, known.epoch, positions);
    return positions?.filter(({ version }) => version > 0);
  }

  /** Undefined if Redis does not answer or may lack writes. */
  private async inRedis(user: UserId): Promise<KnownWrites | undefined> {
    const known = await this.hashes.read(user);
    if (!known?.epoch) this.trust.distrust();
    // Trust may have been lost in the meantime.
    return this.trust.holds ? known : undefined;
  }

  private async askServices(stream: UserId): Promise<StreamPosition[] | undefined> {
    const asked = WRITE_SERVICES.map((service) => this.versions.askAll(service, stream));
    return Promise.all(asked).then(
      (positions) => positions.flat(),
      () => undefined,
    );
  }
}
