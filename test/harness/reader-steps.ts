import { type EventId, fromMicroseconds, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import type { Effects } from '../../services/feed/src/activity/effects';

export const READER = 1;
const USERS = 12;
/** In microseconds, like `NOW`. */
export const DAY = 86_400_000_000n;
export const NOW = BigInt(Date.now()) * 1_000n;

/** A post, whose time may be equal to others' and out of order, or a changed follow of the reader. */
export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ actor: fc.integer({ min: 1, max: USERS }), age: fc.bigInt(0n, 3n * DAY), id: fc.uuid() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ actor: fc.integer({ min: 1, max: USERS }), age: fc.bigInt(0n, 3n), id: fc.uuid() }),
  },
  { weight: 2, arbitrary: fc.record({ followee: fc.integer({ min: 2, max: USERS }), following: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const user = (id: number) => ({ id: id as UserId, name: `user_${id}` });

/** The effects of steps, each with the next version of its stream. */
export function effectsOf(steps: readonly Step[]): Effects[] {
  const versions = new Map<string, number>();
  const next = (source: string, stream: number) => {
    const version = (versions.get(`${source} ${stream}`) ?? 0) + 1;
    versions.set(`${source} ${stream}`, version);
    return version;
  };
  return steps.map((taken, number): Effects => {
    if ('followee' in taken) {
      const version = next('social-graph', READER);
      const follow = {
        followerId: READER as UserId,
        followeeId: taken.followee as UserId,
        following: taken.following,
        version,
      };
      return {
        source: 'social-graph',
        stream: READER as UserId,
        version,
        users: [user(READER), user(taken.followee)],
        follow,
      };
    }
    const { id, name } = user(taken.actor);
    const activity = {
      time: fromMicroseconds(NOW - taken.age),
      eventId: taken.id as EventId,
      actorId: id,
      verb: 'post' as const,
      objectType: 'post' as const,
      objectId: number + 1,
      targetId: null,
    };
    return { source: 'activity', stream: id, version: next('activity', id), users: [{ id, name }], activity };
  });
}
