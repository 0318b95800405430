import {
  definitionOfVerb,
  type ObjectRef,
  type Source,
  type StoredEvent,
  sourceOf,
  type User,
  type UserId,
  type Verb,
  verbOfEvent,
} from '@activity-feed/contracts';
import type { Activity } from './activity';

export interface FollowEdge {
  followerId: UserId;
  followeeId: UserId;
  following: boolean;
  version: number;
}

/** What an event changes in the read models. */
export interface Effects {
  source: Source;
  stream: UserId;
  version: number;
  users: User[];
  activity?: Activity;
  follow?: FollowEdge;
}

interface EventData {
  actor: User;
  target?: User;
  object?: ObjectRef;
}

/** The effects of an event; only names and a version where it is not an activity. */
export function effectsOf(event: StoredEvent): Effects {
  const { actor, target } = event.data as EventData;
  const effects: Effects = {
    source: sourceOf(event.type),
    stream: event.stream,
    version: event.version,
    users: target ? [actor, target] : [actor],
  };
  const verb = verbOfEvent(event.type);
  if (!verb) return effects;
  effects.activity = activityOf(event, verb);
  const { follows } = definitionOfVerb(verb);
  if (follows !== undefined && target) {
    effects.follow = { followerId: actor.id, followeeId: target.id, following: follows, version: event.version };
  }
  return effects;
}

function activityOf({ id, time, data }: StoredEvent, verb: Verb): Activity {
  const { actor, object, target } = data as EventData;
  return {
    time,
    eventId: id,
    actorId: actor.id,
    verb,
    objectType: object?.type ?? null,
    objectId: object?.id ?? null,
    targetId: target?.id ?? null,
  };
}
