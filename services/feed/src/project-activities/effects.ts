import type { ObjectType, Source, StoredEvent, User, UserId, Verb } from '@activity-feed/contracts';
import { sourceOf } from '@activity-feed/contracts';

/** A row of the hypertable. */
export interface Activity {
  time: string;
  event_id: string;
  actor_id: UserId;
  verb: Verb;
  object_type: ObjectType | null;
  object_id: number | null;
  target_id: UserId | null;
}

export interface FollowEdge {
  follower_id: UserId;
  followee_id: UserId;
  following: boolean;
  version: number;
}

/** What an event makes of the read models. */
export interface Effects {
  source: Source;
  stream: UserId;
  version: number;
  users: User[];
  activity?: Activity;
  follow?: FollowEdge;
}

/** The projector as one table: event → effects. */
export function effectsOf(event: StoredEvent): Effects {
  const { actor } = event.data;
  const { stream, version } = event;
  const place = { source: sourceOf(event.type), stream, version };
  switch (event.type) {
    case 'social-graph.user-registered.v1':
      return { ...place, users: [actor] };
    case 'social-graph.user-followed.v1':
      return { ...place, ...aboutUser(event, 'follow', true) };
    case 'social-graph.user-unfollowed.v1':
      return { ...place, ...aboutUser(event, 'unfollow', false) };
    case 'activity.object-posted.v1':
      return { ...place, users: [actor], activity: { ...row(event, 'post'), ...object(event), target_id: null } };
    case 'activity.object-liked.v1':
      return { ...place, ...aboutObject(event, 'like') };
    case 'activity.object-shared.v1':
      return { ...place, ...aboutObject(event, 'share') };
  }
}

type FollowEvent = StoredEvent<'social-graph.user-followed.v1' | 'social-graph.user-unfollowed.v1'>;
type ReactionEvent = StoredEvent<'activity.object-liked.v1' | 'activity.object-shared.v1'>;
type ObjectEvent = ReactionEvent | StoredEvent<'activity.object-posted.v1'>;

function aboutUser(event: FollowEvent, verb: Verb, following: boolean) {
  const { actor, target } = event.data;
  return {
    users: [actor, target],
    activity: { ...row(event, verb), object_type: null, object_id: null, target_id: target.id },
    follow: { follower_id: actor.id, followee_id: target.id, following, version: event.version },
  };
}

function aboutObject(event: ReactionEvent, verb: Verb) {
  const { actor, target } = event.data;
  return { users: [actor, target], activity: { ...row(event, verb), ...object(event), target_id: target.id } };
}

const row = (event: StoredEvent, verb: Verb) => ({
  time: event.time,
  event_id: event.id,
  actor_id: event.data.actor.id,
  verb,
});

const object = ({ data }: ObjectEvent) => ({ object_type: data.object.type, object_id: data.object.id });
