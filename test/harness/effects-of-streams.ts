import {
  type EventId,
  type EventTime,
  fromMicroseconds,
  type ObjectRef,
  type UserId,
  type Verb,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects, ObjectState, TakenBack } from '../../services/feed/src/activity/effects';

/** Effects of events in the streams of several users, a microsecond apart. */
export class EffectsOfStreams {
  private readonly versions = new Map<number, number>();
  private events = 0;

  /** `start` in microseconds since 1970. */
  constructor(private readonly start: number) {}

  does(actor: number, verb: Verb, { type, id }: ObjectRef, more: Partial<Activity> = {}): Effects {
    const time = this.nextTime();
    const eventId = `01968a1e-7c00-7000-8000-${String(this.events).padStart(12, '0')}` as EventId;
    const about = { verb, objectType: type, objectId: id, targetId: null };
    return { ...this.next(actor), activity: { time, eventId, actorId: actor as UserId, ...about, ...more } };
  }

  /** An undo of an earlier activity. */
  undoes({ activity }: Effects): Effects {
    const { actorId, verb, objectType: type, objectId: id, time } = activity as Activity;
    const takenBack = { actorId, verb, objectType: type, objectId: id, from: time, to: time } as TakenBack;
    return { ...this.next(actorId), takenBack };
  }

  deletes(owner: number, object: ObjectRef, createdAt?: EventTime): Effects {
    return this.changes(owner, object, { deleted: true, ...(createdAt && { createdAt }) });
  }

  restores(owner: number, object: ObjectRef): Effects {
    return this.changes(owner, object, { deleted: false });
  }

  private changes(owner: number, { type, id }: ObjectRef, state: Pick<ObjectState, 'deleted' | 'createdAt'>): Effects {
    const effects = this.next(owner);
    return { ...effects, objectState: { objectType: type, objectId: id, version: effects.version, ...state } };
  }

  private next(stream: number): Effects {
    const version = (this.versions.get(stream) ?? 0) + 1;
    this.versions.set(stream, version);
    const id = stream as UserId;
    return { source: 'activity', stream: id, version, users: [{ id, name: `user${id}` }] };
  }

  private nextTime(): EventTime {
    return fromMicroseconds(BigInt(this.start + ++this.events));
  }
}
