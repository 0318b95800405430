import type { EventTime, ObjectType } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects, TakenBack } from '../../services/feed/src/activity/effects';
import { type Random, seededRandom } from '../world/random';
import type { PostedObject } from '../world/social-state';
import type { WorldEffects } from './world-effects';

/** Generates posts, likes and shares of a world's users, in addition to its plan, at any time, and take-backs. */
export class LaterEvents {
  private readonly random: Random = seededRandom(11);
  private nextId = 1_000_000;

  constructor(
    private readonly world: WorldEffects,
    private readonly users: number,
    private readonly objects: readonly PostedObject[],
  ) {}

  /** `count` events between two times, in milliseconds since 1970, in random order. */
  between(from: number, to: number, count: number): Effects[] {
    return Array.from({ length: count }, () => {
      const time = from * 1_000 + Math.floor(this.random.fraction() * (to - from) * 1_000);
      const actor = this.random.below(this.users);
      const kind = this.random.below(4);
      if (kind === 0) {
        const object = { type: 'photo' as const, id: this.nextId++, owner: actor };
        return this.world.next({ type: 'activity.object-posted.v1', actor, time, object });
      }
      const object = this.objects[this.random.below(this.objects.length)] as PostedObject;
      const type = kind === 1 ? 'activity.object-shared.v1' : 'activity.object-liked.v1';
      return this.world.next({ type, actor, time, object, target: object.owner });
    });
  }

  /**
   * Events that take back at most `count` random activities between two times: a like alone, a share with all other shares
   * of the object by the same actor.
   */
  takeBack(undoable: readonly Activity[], from: number, to: number, count: number): Effects[] {
    const [first, last] = [new Date(from).toISOString(), new Date(to).toISOString()];
    const activities = undoable.filter(({ time }) => time >= first && time < last);
    const taken = new Map<string, TakenBack>();
    for (let number = 0; number < count && activities.length > 0; number++) {
      const activity = activities[this.random.below(activities.length)] as Activity;
      const range = rangeOf(activity, undoable);
      taken.set(`${range.actorId} ${range.verb} ${range.objectType} ${range.objectId} ${range.from}`, range);
    }
    return [...taken.values()].map((takenBack) => this.effectsOf(takenBack));
  }

  private effectsOf(takenBack: TakenBack): Effects {
    const actor = takenBack.actorId - this.world.plan.firstIds.user;
    const { activity: _, ...effects } = this.world.next({ type: 'activity.object-liked.v1', actor, time: 0 });
    return { ...effects, takenBack };
  }
}

function rangeOf(activity: Activity, activities: readonly Activity[]): TakenBack {
  const { actorId, verb, time } = activity;
  const [objectType, objectId] = [activity.objectType as ObjectType, activity.objectId as number];
  const times = activities
    .filter((one) => one.actorId === actorId && one.verb === verb && one.objectId === objectId)
    .filter((one) => one.objectType === objectType && (verb === 'share' || one.time === time))
    .map((one) => one.time)
    .sort();
  return { actorId, verb, objectType, objectId, from: times[0] as EventTime, to: times.at(-1) as EventTime };
}
