import { randomUUID } from 'node:crypto';
import { SOURCES, type StreamPosition, type UserId } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/** Seconds for which a user's versions are kept after the last write. */
const LIFE = 24 * 60 * 60;
/** Key of the current epoch. A hash contains the epoch in which it was complete. */
const EPOCH_KEY = 'written-epoch';

/** Gateways may write a user's versions out of order, so only higher ones replace others. */
const RAISE = `
local function raise(source, version)
  local known = tonumber(redis.call('HGET', KEYS[1], source) or '-1')
  if tonumber(version) > known then redis.call('HSET', KEYS[1], source, version) end
end
`;

const REMEMBER = `${RAISE}
raise(ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('PUBLISH', ARGV[4], ARGV[5])`;

const COMPLETE = `${RAISE}
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
for place = 3, #ARGV, 2 do raise(ARGV[place], ARGV[place + 1]) end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])`;

const READ = `return {redis.call('GET', KEYS[2]), redis.call('HMGET', KEYS[1], 'epoch', unpack(ARGV))}`;

/** Sent as the hash of its text. */
interface Scripts {
  rememberWrite(...keysAndValues: (string | number)[]): Promise<number>;
  completeWrites(...keysAndValues: (string | number)[]): Promise<void>;
  readWrites(...keysAndValues: (string | number)[]): Promise<[string | null, (string | null)[]]>;
}

export interface KnownWrites {
  /** The current epoch; null if Redis has lost it. */
  epoch: string | null;
  /** The user's newest versions; undefined unless the hash was completed in the current epoch. */
  positions: StreamPosition[] | undefined;
}

/**
 * Users' newest versions in Redis. Every write raises the version of its source, so a hash contains only versions that
 * exist. A hash with the current epoch is complete: it was completed in this epoch, and every later write has either
 * raised it or made all gateways begin a new epoch.
 */
export class WrittenHashes {
  private readonly redis: Redis & Scripts;

  constructor(redis: Redis) {
    redis.defineCommand('rememberWrite', { numberOfKeys: 1, lua: REMEMBER });
    redis.defineCommand('completeWrites', { numberOfKeys: 2, lua: COMPLETE });
    redis.defineCommand('readWrites', { numberOfKeys: 2, lua: READ });
    this.redis = redis as Redis & Scripts;
  }

  /** Begins an epoch, so that no hash counts as complete. False if Redis does not confirm it. */
  async beginEpoch(): Promise<boolean> {
    return (await attempt(this.redis.set(EPOCH_KEY, randomUUID()))) === 'OK';
  }

  /**
   * Raises a version and publishes `message`; returns the number of receivers. Returns undefined if Redis does not
   * confirm the script, which may still run, even later.
   */
  remember({ source, stream, version }: StreamPosition, channel: string, message: string): Promise<number | undefined> {
    return attempt(this.redis.rememberWrite(nameOf(stream), source, version, LIFE, channel, message));
  }

  /** Completes a user's hash with the versions from all services, which must be read after `epoch`. */
  async complete(stream: UserId, epoch: string, positions: readonly StreamPosition[]): Promise<void> {
    const versions = positions.flatMap(({ source, version }) => [source, version]);
    await attempt(this.redis.completeWrites(nameOf(stream), EPOCH_KEY, epoch, LIFE, ...versions));
  }

  /** Undefined if Redis does not answer. */
  async read(stream: UserId): Promise<KnownWrites | undefined> {
    const answer = await attempt(this.redis.readWrites(nameOf(stream), EPOCH_KEY, ...SOURCES));
    if (!answer) return undefined;
    const [epoch, [complete, ...versions]] = answer;
    const isComplete = epoch !== null && complete === epoch && !versions.includes(null);
    const positions = SOURCES.map((source, index) => ({ source, stream, version: Number(versions[index]) }));
    return { epoch, positions: isComplete ? positions : undefined };
  }
}

const nameOf = (user: UserId) => `written:${user}`;
