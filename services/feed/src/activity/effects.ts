import {
  definitionOfVerb,
  type EventTime,
  type EventType,
  Marks,
  type ObjectRef,
  type ObjectType,
  type Source,
  type StoredEvent,
  sourceOf,
  type User,
  type UserId,
  undoneByEvent,
  type Verb,
  verbOfEvent,
} from '@activity-feed/contracts';
import type { Activity } from './activity';
import { type EndedRequest, endedRequest, type Notice, noticesOf } from './notices';

export interface FollowEdge {
  followerId: UserId;
  followeeId: UserId;
  following: boolean;
  version: number;
  /** Of the event. */
  time?: EventTime;
}

/** The actor's activities about an object, of one verb, in a time range whose both ends are inclusive. */
export interface TakenBack {
  actorId: UserId;
  verb: Verb;
  objectType: ObjectType;
  objectId: number;
  from: EventTime;
  to: EventTime;
}

/** The state of an object from an event on. Activities about a deleted object are not shown. */
export interface ObjectState {
  objectType: ObjectType;
  objectId: number;
  deleted: boolean;
  /** The version of the event in its owner's stream. */
  version: number;
  /** When the object was created; missing in events of earlier versions. */
  createdAt?: EventTime;
}

/** How a user hides another: `mute-shares` hides only what the other shares. */
export const HIDINGS = ['block', 'mute', 'mute-shares'] as const;
export type HidingKind = (typeof HIDINGS)[number];

/** Whether a user hides another in one way, from an event on. */
export interface Hiding {
  userId: UserId;
  otherId: UserId;
  kind: HidingKind;
  holds: boolean;
  /** Null if it has no end. */
  until: EventTime | null;
}

/** Who can see an account, from an event on: what the event does not change is missing. */
export interface AccountChange {
  userId: UserId;
  /** Whether only the user and followers see the user's activities and objects. */
  private?: boolean;
  /** Whether nobody does. */
  suspended?: boolean;
}

/** What an event changes in the read models. */
export interface Effects {
  source: Source;
  stream: UserId;
  version: number;
  /** Of the event. */
  time?: EventTime;
  /** Where the event lies in its topic. */
  partition?: number;
  offset?: number;
  users: User[];
  activity?: Activity;
  /** Activities that the event takes back. A later activity of the same kind is not among them. */
  takenBack?: TakenBack;
  objectState?: ObjectState;
  follow?: FollowEdge;
  hiding?: Hiding;
  account?: AccountChange;
  /** Whom it concerns, apart from the target of the activity. */
  notices?: Notice[];
  endedRequest?: EndedRequest;
  /** All that the user of the stream has seen and read. */
  marks?: Marks;
}

interface EventData {
  actor: User;
  target?: User;
  object?: ObjectRef;
  root?: ObjectRef;
  root_owner?: User;
  created_at?: EventTime;
  cause?: string;
}

/** The effects of an event; only names and a version where it is not an activity. */
export function effectsOf(event: StoredEvent): Effects {
  const { actor, target, cause } = event.data as EventData;
  const effects: Effects = {
    source: sourceOf(event.type),
    stream: event.stream,
    version: event.version,
    time: event.time,
    users: target ? [actor, target] : [actor],
  };
  const takenBack = takenBackBy(event);
  if (takenBack) effects.takenBack = takenBack;
  const objectState = objectStateOf(event);
  if (objectState) effects.objectState = objectState;
  const hiding = hidingBy(event);
  if (hiding) effects.hiding = hiding;
  const account = accountChangedBy(event);
  if (account) effects.account = account;
  const notices = noticesOf(event);
  if (notices.length > 0) effects.notices = notices;
  const ended = endedRequest(event);
  if (ended) effects.endedRequest = ended;
  if (event.type === 'activity.marks-moved.v1') effects.marks = Marks.parse(event.data);
  const verb = verbOfEvent(event.type);
  if (!verb) return effects;
  const { follows } = definitionOfVerb(verb);
  // A follow that ends for another reason than the actor's wish is no activity.
  if (follows !== false || !cause) effects.activity = activityOf(event, verb);
  if (follows !== undefined && target) {
    const { version, time } = event;
    effects.follow = { followerId: actor.id, followeeId: target.id, following: follows, version, time };
  }
  return effects;
}

function activityOf({ id, time, data }: StoredEvent, verb: Verb): Activity {
  const { actor, object, target, root, root_owner } = data as EventData;
  const common = { time, eventId: id, actorId: actor.id, verb, targetId: target?.id ?? null };
  // An activity that adds an object is about the one that it adds it to.
  if (definitionOfVerb(verb).adds && object && root) {
    return { ...common, objectType: root.type, objectId: root.id, commentId: object.id };
  }
  const about = { objectType: object?.type ?? null, objectId: object?.id ?? null };
  if (!root) return { ...common, ...about };
  return { ...common, ...about, rootType: root.type, rootId: root.id, rootOwnerId: root_owner?.id ?? null };
}

const DELETED: Partial<Record<EventType, boolean>> = {
  'activity.object-deleted.v1': true,
  'activity.object-restored.v1': false,
};

function objectStateOf({ type, version, data }: StoredEvent): ObjectState | undefined {
  const deleted = DELETED[type];
  const { object, created_at: createdAt } = data as EventData;
  if (deleted === undefined || !object) return undefined;
  return { objectType: object.type, objectId: object.id, deleted, version, ...(createdAt && { createdAt }) };
}

interface UndoData {
  actor: User;
  object: ObjectRef;
  undone: { time: EventTime } | { first_time: EventTime; last_time: EventTime };
}

/** The times of a stream's events all differ, so that times identify the activities. */
function takenBackBy({ type, data }: StoredEvent): TakenBack | undefined {
  const verb = undoneByEvent(type);
  if (!verb) return undefined;
  const { actor, object, undone } = data as unknown as UndoData;
  const [from, to] = 'time' in undone ? [undone.time, undone.time] : [undone.first_time, undone.last_time];
  return { actorId: actor.id, verb, objectType: object.type, objectId: object.id, from, to };
}

const HIDES: Partial<Record<EventType, { mutes: boolean; holds: boolean }>> = {
  'social-graph.user-blocked.v1': { mutes: false, holds: true },
  'social-graph.user-unblocked.v1': { mutes: false, holds: false },
  'social-graph.user-muted.v1': { mutes: true, holds: true },
  'social-graph.user-unmuted.v1': { mutes: true, holds: false },
};

function hidingBy({ type, data }: StoredEvent): Hiding | undefined {
  const hides = HIDES[type];
  if (!hides) return undefined;
  const {
    actor,
    target,
    only,
    until = null,
  } = data as {
    actor: User;
    target: User;
    only?: 'shares' | null;
    until?: EventTime | null;
  };
  const mute = only === 'shares' ? 'mute-shares' : 'mute';
  return { userId: actor.id, otherId: target.id, kind: hides.mutes ? mute : 'block', holds: hides.holds, until };
}

function accountChangedBy({ type, data }: StoredEvent): AccountChange | undefined {
  const { actor, ...change } = data as { actor: User; private: boolean };
  if (type === 'social-graph.user-privacy-changed.v1') return { userId: actor.id, private: change.private };
  if (type === 'social-graph.user-suspended.v1') return { userId: actor.id, suspended: true };
  if (type === 'social-graph.user-reinstated.v1') return { userId: actor.id, suspended: false };
  return undefined;
}
