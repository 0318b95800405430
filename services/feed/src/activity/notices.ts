import {
  definitionOfVerb,
  type EventSource,
  type EventTime,
  type LogPlace,
  type Mention,
  type ObjectRef,
  type StoredEvent,
  sourceOf,
  type User,
  type UserId,
  type Verb,
} from '@activity-feed/contracts';
import type { Activity } from './activity';

/** The notifications that are not activities about their user, in the order of precedence. */
export const NOTICE_VERBS = ['reply', 'mention', 'request', 'accept'] as const;
export type NoticeVerb = (typeof NOTICE_VERBS)[number];

/** Something that concerns a user who is not the target of an activity. An event concerns a user at most once. */
export interface Notice extends Omit<Activity, 'verb'> {
  verb: NoticeVerb;
  userId: UserId;
}

/** As the index keeps it. */
export interface IndexedNotice extends Notice {
  /** Of a request: whether it has ended. */
  undone?: boolean;
}

export const isNotice = (verb: Verb | NoticeVerb): verb is NoticeVerb =>
  (NOTICE_VERBS as readonly string[]).includes(verb);

const SOURCES: Record<NoticeVerb, EventSource> = {
  reply: 'activity',
  mention: 'activity',
  request: 'social-graph-private',
  accept: 'social-graph',
};

/** The source of the events that rows of a verb come from. */
export const sourceOfVerb = (verb: Verb | NoticeVerb): EventSource =>
  isNotice(verb) ? SOURCES[verb] : (sourceOf(definitionOfVerb(verb).event) as EventSource);

/** Where the event of a row lies in the log; undefined for events of earlier versions. */
export function placeOf({ verb, logPartition, logOffset }: PlacedRow): LogPlace | undefined {
  if (logPartition == null || logOffset == null) return undefined;
  return { source: sourceOfVerb(verb), partition: logPartition, offset: logOffset };
}

interface PlacedRow extends Pick<Activity, 'logPartition' | 'logOffset'> {
  verb: Verb | NoticeVerb;
}

/** A request of the actor to follow the target, which has ended. */
export interface EndedRequest {
  actorId: UserId;
  targetId: UserId;
  time: EventTime;
}

interface EventData {
  actor: User;
  target?: User;
  object?: ObjectRef;
  root?: ObjectRef;
  root_owner?: User;
  reply_to?: { id: number; owner: User } | null;
  mentions?: Mention[];
  /** Of an edit: those of the mentioned users who are to be notified. */
  notify?: User[];
  cause?: string;
}

/** Whom an event concerns, apart from the target of its activity. Nobody is notified of what they do themselves. */
export function noticesOf({ type, id, time, data }: StoredEvent): Notice[] {
  const { actor, target, object, root, root_owner, reply_to, mentions = [], notify = [], cause } = data as EventData;
  const about = { time, eventId: id, actorId: actor.id, objectType: null, objectId: null, targetId: null };
  const underRoot = (owner: User | undefined) =>
    root ? { rootType: root.type, rootId: root.id, rootOwnerId: owner?.id ?? null } : {};
  const mentioned = (users: readonly User[], owner?: User): Notice[] =>
    object
      ? users.map((user) => ({
          ...{ ...about, ...underRoot(owner), objectType: object.type, objectId: object.id },
          ...{ verb: 'mention', userId: user.id },
        }))
      : [];
  switch (type) {
    case 'activity.object-posted.v1':
      return distinct(actor, mentioned(mentions.map(({ user }) => user)));
    case 'activity.comment-posted.v1': {
      const reply: Notice[] =
        reply_to && object
          ? [
              {
                ...{
                  ...about,
                  ...underRoot(target),
                  objectType: 'comment',
                  objectId: reply_to.id,
                  commentId: object.id,
                },
                ...{ verb: 'reply', userId: reply_to.owner.id },
              },
            ]
          : [];
      const users = mentions.map(({ user }) => user);
      return distinct(actor, [...reply, ...mentioned(users, target)]);
    }
    case 'activity.object-edited.v1':
      return distinct(actor, mentioned(notify, root_owner));
    case 'social-graph.follow-requested.v1':
      return target ? [{ ...about, verb: 'request', userId: target.id }] : [];
    case 'social-graph.user-followed.v1':
      // Who accepts a request has caused the event, which is in the requester's stream.
      return target && cause ? [{ ...about, actorId: target.id, verb: 'accept', userId: actor.id }] : [];
    default:
      return [];
  }
}

/** The first of each user, without the actor. */
function distinct(actor: User, notices: readonly Notice[]): Notice[] {
  const ofUser = new Map<UserId, Notice>();
  for (const notice of notices) {
    if (notice.userId !== actor.id && !ofUser.has(notice.userId)) ofUser.set(notice.userId, notice);
  }
  return [...ofUser.values()];
}

/** The request that an event ends. */
export function endedRequest({ type, time, data }: StoredEvent): EndedRequest | undefined {
  const { actor, target } = data as EventData;
  if (type !== 'social-graph.follow-request-ended.v1' || !target) return undefined;
  return { actorId: actor.id, targetId: target.id, time };
}
