import type { ObjectRef, UserId } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { ObjectState, TakenBack } from '../../services/feed/src/activity/effects';
import { objectsOf } from '../../services/feed/src/activity/objects-of';

/** The activities of a model, in the order in which they were added. */
export class ModelActivities {
  readonly all = new Set<Activity>();
  private readonly byActor = new Map<UserId, Set<Activity>>();
  /** Of objects that were deleted at least once, by name. */
  private readonly states = new Map<string, ObjectState>();

  /** What is about no deleted object. */
  visible(): Activity[] {
    return [...this.all].filter((activity) => this.isVisible(activity));
  }

  /** The visible activities of some users. */
  of(actors: readonly UserId[]): Activity[] {
    const activities = actors.flatMap((actor) => [...(this.byActor.get(actor) ?? [])]);
    return activities.filter((activity) => this.isVisible(activity));
  }

  add(activity: Activity): void {
    this.all.add(activity);
    const own = this.byActor.get(activity.actorId);
    if (own) own.add(activity);
    else this.byActor.set(activity.actorId, new Set([activity]));
  }

  takeBack(taken: TakenBack): void {
    this.remove(this.byActor.get(taken.actorId), (activity) => isTakenBack(activity, taken));
  }

  /** `time` in milliseconds since 1970. */
  forgetBefore(time: number): void {
    this.remove(this.all, (activity) => Date.parse(activity.time) < time);
  }

  /** An older state does not overrule a newer one. */
  change(state: ObjectState): void {
    const name = nameOf({ type: state.objectType, id: state.objectId });
    if ((this.states.get(name)?.version ?? 0) < state.version) this.states.set(name, state);
  }

  private isVisible(activity: Activity): boolean {
    if (this.states.size === 0) return true;
    return !objectsOf(activity).some((object) => this.states.get(nameOf(object))?.deleted);
  }

  private remove(activities: Iterable<Activity> = [], isRemoved: (activity: Activity) => boolean): void {
    for (const activity of activities) {
      if (!isRemoved(activity)) continue;
      this.all.delete(activity);
      this.byActor.get(activity.actorId)?.delete(activity);
    }
  }
}

/** Of the actor's activities. Times in events have a fixed format, so they compare as texts. */
const isTakenBack = ({ verb, objectType, objectId, time }: Activity, { from, to, ...taken }: TakenBack): boolean =>
  objectId === taken.objectId && objectType === taken.objectType && verb === taken.verb && time >= from && time <= to;

const nameOf = ({ type, id }: ObjectRef) => `${type}:${id}`;
