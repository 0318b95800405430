import type { EventId, EventTime, ObjectRef, Source, UserId, Verb } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { AccountChange, Effects, HidingKind } from '../../services/feed/src/activity/effects';

/** Events of several users, each in the user's stream, about objects of one owner. */
export class ObjectStreams {
  private readonly versions = new Map<string, number>();
  private events = 0;

  constructor(private readonly owner: UserId) {}

  does(actor: UserId, verb: Verb, { type, id }: ObjectRef, time: EventTime, more: Partial<Activity> = {}): Effects {
    const eventId = `01968a1e-7c00-7000-8000-${String(++this.events).padStart(12, '0')}` as EventId;
    const activity = {
      time,
      eventId,
      actorId: actor,
      verb,
      objectType: type,
      objectId: id,
      targetId: this.owner,
      ...more,
    };
    return { ...this.next(actor), activity };
  }

  unlikes(actor: UserId, object: ObjectRef, time: EventTime): Effects {
    return this.undoes(actor, 'like', object, time);
  }

  /** An undo of the actor's activities of this kind between two times, inclusive. */
  undoes(actor: UserId, verb: Verb, { type, id }: ObjectRef, from: EventTime, to = from): Effects {
    return { ...this.next(actor), takenBack: { actorId: actor, verb, objectType: type, objectId: id, from, to } };
  }

  follows(follower: UserId, followee: UserId, following = true): Effects {
    const effects = this.next(follower, 'social-graph');
    return { ...effects, follow: { followerId: follower, followeeId: followee, following, version: effects.version } };
  }

  /** Makes an account private or public, or suspends or reinstates the user. */
  turnsAccount(userId: UserId, change: Omit<AccountChange, 'userId'>): Effects {
    return { ...this.next(userId, 'social-graph'), account: { userId, ...change } };
  }

  hides(userId: UserId, otherId: UserId, kind: HidingKind, holds = true): Effects {
    return { ...this.next(userId, 'social-graph-private'), hiding: { userId, otherId, kind, holds, until: null } };
  }

  turns({ type, id }: ObjectRef, deleted: boolean): Effects {
    const effects = this.next(this.owner);
    return { ...effects, objectState: { objectType: type, objectId: id, deleted, version: effects.version } };
  }

  private next(stream: UserId, source: Source = 'activity'): Effects {
    const name = `${source}:${stream}`;
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    return {
      source,
      stream,
      version,
      users: [this.owner, stream].map((id) => ({ id, name: `user${id}` })),
    };
  }
}
