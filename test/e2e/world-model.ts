import { type FeedEntry, fromMicroseconds, type ObjectRef, objectName, undoneByEvent } from '@activity-feed/contracts';
import type { WorldPlan } from '../world/plan';
import { type Happening, World } from '../world/world';

const VERBS: Record<string, FeedEntry['verb']> = {
  'social-graph.user-followed.v1': 'follow',
  'social-graph.user-unfollowed.v1': 'unfollow',
  'activity.object-posted.v1': 'post',
  'activity.comment-posted.v1': 'comment',
  'activity.object-liked.v1': 'like',
  'activity.object-shared.v1': 'share',
};

/** The expected feeds of a generated world, derived from its plan. */
export class WorldModel {
  readonly world: World;
  readonly happenings: Happening[];
  /** What happened and was not taken back, and is about no deleted object. */
  readonly activities: Happening[];

  constructor(
    plan: WorldPlan,
    private readonly nameOf: (user: number) => string,
  ) {
    this.world = new World(plan);
    this.happenings = [...this.world.happenings()];
    const deleted = deletedIn(this.happenings);
    this.activities = withoutUndone(this.happenings).filter(({ object }) => !isAbout(deleted, object));
  }

  /** Newest first, like all feeds. */
  myFeed(user: number): FeedEntry[] {
    return this.feedOf(new Set([user]));
  }

  friendsFeed(user: number): FeedEntry[] {
    return this.feedOf(this.followeesOf(user));
  }

  followeesOf(user: number): Set<number> {
    const followees = new Set<number>();
    for (const { type, actor, target } of this.happenings) {
      if (actor !== user || target === undefined) continue;
      if (type === 'social-graph.user-followed.v1') followees.add(target);
      if (type === 'social-graph.user-unfollowed.v1') followees.delete(target);
    }
    return followees;
  }

  /** The likes or shares of an object, newest first. */
  listOf(verb: 'like' | 'share', { type, id }: ObjectRef): { user_name: string; time: string }[] {
    return this.activities
      .filter(({ type: event, object }) => VERBS[event] === verb && object?.type === type && object.id === id)
      .reverse()
      .map(({ actor, time }) => ({ user_name: this.nameOf(actor), time: fromMicroseconds(BigInt(time)) }));
  }

  private feedOf(actors: Set<number>): FeedEntry[] {
    return this.activities
      .filter(({ actor }) => actors.has(actor))
      .reverse()
      .map((happening) => this.entryOf(happening));
  }

  private entryOf({ type, actor, target, object, time }: Happening): FeedEntry {
    const isComment = type === 'activity.comment-posted.v1' && object?.type === 'comment';
    const about = isComment ? object.root : object;
    return {
      actor_name: this.nameOf(actor),
      verb: VERBS[type] as FeedEntry['verb'],
      object_id: about?.id ?? null,
      object_type: about?.type ?? null,
      ...(isComment && { comment_id: object.id }),
      target_name: target === undefined ? null : this.nameOf(target),
      time: fromMicroseconds(BigInt(time)),
    };
  }
}

/** The names of the objects that are deleted in the end. */
function deletedIn(happenings: readonly Happening[]): Set<string> {
  const deleted = new Set<string>();
  for (const { type, object } of happenings) {
    if (type === 'activity.object-deleted.v1' && object) deleted.add(objectName(object));
    if (type === 'activity.object-restored.v1' && object) deleted.delete(objectName(object));
  }
  return deleted;
}

const isAbout = (objects: Set<string>, object: Happening['object']): boolean =>
  object !== undefined &&
  (objects.has(objectName(object)) || (object.type === 'comment' && objects.has(objectName(object.root))));

/** The activities that no later event takes back. */
function withoutUndone(happenings: readonly Happening[]): Happening[] {
  const undone = new Set<string>();
  const newestFirst = happenings.toReversed().filter(({ type, actor, object }) => {
    const undo = undoneByEvent(type);
    const key = `${actor} ${undo ?? VERBS[type]} ${object?.type}:${object?.id}`;
    if (undo) undone.add(key);
    return VERBS[type] !== undefined && !undone.has(key);
  });
  return newestFirst.reverse();
}
