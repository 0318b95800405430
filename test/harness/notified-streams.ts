import {
  type EventId,
  type EventSource,
  type EventTime,
  fromMicroseconds,
  type ObjectRef,
  type UserId,
  type Verb,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects, HidingKind } from '../../services/feed/src/activity/effects';
import type { Notice, NoticeVerb } from '../../services/feed/src/activity/notices';
import type { Random } from '../world/random';

export const USERS = [1, 2, 3, 4] as UserId[];
const PARTITIONS = 3;
const HOUR = 3_600_000_000;

type Row = Pick<Activity, 'objectType' | 'objectId' | 'targetId'> & Partial<Activity>;
const NOTHING: Row = { objectType: null, objectId: null, targetId: null };

/** Effects of random events that notify users, some of which arrive hours late. */
export class NotifiedStreams {
  private readonly versions = new Map<string, number>();
  private readonly offsets = new Map<string, number>();
  private readonly times = new Map<string, number>();
  private readonly posts = new Map<number, UserId>();
  /** Comments with their owners and the posts that they are on. */
  private readonly comments = new Map<number, { owner: UserId; on: number }>();
  private readonly likes: Effects[] = [];
  private readonly follows = new Set<string>();
  private readonly requests = new Set<string>();
  private readonly deleted = new Set<number>();
  private events = 0;

  /** `start` in microseconds since 1970. */
  constructor(
    private readonly random: Random,
    private readonly start: number,
  ) {
    for (const owner of USERS) this.posts.set(owner, owner);
  }

  next(): Effects {
    const kinds = [
      () => this.act('like'),
      () => this.act('like'),
      () => this.act('share'),
      () => this.comment(),
      () => this.comment(),
      () => this.mention(),
      () => this.unlike(),
      () => this.follow(),
      () => this.request(),
      () => this.hide(),
      () => this.changeObject(),
    ];
    return this.pick(kinds)();
  }

  private act(verb: 'like' | 'share'): Effects {
    const actor = this.pick(USERS);
    const [comment, { owner, on } = { owner: 0 as UserId, on: 0 }] = this.pick([...this.comments, [0]]) as [
      number,
      { owner: UserId; on: number }?,
    ];
    if (verb === 'share' || comment === 0) {
      const [id, target] = this.pick([...this.posts]);
      const effects = this.does(actor, verb, { type: 'post', id }, { targetId: target });
      if (verb === 'like') this.likes.push(effects);
      return effects;
    }
    const root = { rootType: 'post', rootId: on, rootOwnerId: this.posts.get(on) as UserId } as const;
    const effects = this.does(actor, verb, { type: 'comment', id: comment }, { targetId: owner, ...root });
    this.likes.push(effects);
    return effects;
  }

  private unlike(): Effects {
    const like = this.likes.splice(this.random.below(this.likes.length || 1), 1)[0]?.activity;
    if (!like) return this.act('like');
    const { actorId, objectType, objectId, time } = like as Activity & { objectType: 'post'; objectId: number };
    const takenBack = { actorId, verb: 'like' as const, objectType, objectId, from: time, to: time };
    return { ...this.event('activity', actorId), takenBack };
  }

  private comment(): Effects {
    const actor = this.pick(USERS);
    const [id, owner] = this.pick([...this.posts]);
    const commentId = this.comments.size + 1;
    const root = { rootType: 'post', rootId: id, rootOwnerId: owner } as const;
    const effects = this.does(actor, 'comment', { type: 'post', id }, { targetId: owner, commentId });
    const [replyTo, { owner: to } = { owner: actor }] = this.pick([...this.comments, [0]]) as [
      number,
      { owner: UserId }?,
    ];
    const reply = this.notice(effects, 'reply', to, { objectType: 'comment', objectId: replyTo, commentId, ...root });
    const others = USERS.filter((user) => user !== actor && user !== to && this.random.below(3) === 0);
    const mentions = others.map((user) =>
      this.notice(effects, 'mention', user, { objectType: 'comment', objectId: commentId, ...root }),
    );
    this.comments.set(commentId, { owner: actor, on: id });
    return { ...effects, notices: [...(replyTo > 0 && to !== actor ? [reply] : []), ...mentions] };
  }

  private mention(): Effects {
    const [id, owner] = this.pick([...this.posts]);
    const effects = this.event('activity', owner);
    const user = this.otherThan(owner);
    return { ...effects, notices: [this.notice(effects, 'mention', user, { objectType: 'post', objectId: id })] };
  }

  private follow(): Effects {
    const actor = this.pick(USERS);
    const target = this.otherThan(actor);
    const pair = `${actor} ${target}`;
    const following = !this.follows.has(pair);
    if (following) this.follows.add(pair);
    else this.follows.delete(pair);
    const hasCause = this.random.below(2) === 0;
    const effects = this.event('social-graph', actor);
    const verb = following ? 'follow' : 'unfollow';
    const row = this.rowOf(effects, actor, { ...NOTHING, targetId: target });
    return {
      ...effects,
      ...((following || !hasCause) && { activity: { ...row, verb } }),
      follow: { followerId: actor, followeeId: target, following, version: effects.version },
      ...(following &&
        hasCause && { notices: [{ ...row, verb: 'accept', actorId: target, targetId: null, userId: actor }] }),
    };
  }

  private request(): Effects {
    const actor = this.pick(USERS);
    const target = this.otherThan(actor);
    const pair = `${actor} ${target}`;
    const effects = this.event('social-graph-private', actor);
    if (this.requests.delete(pair)) {
      return { ...effects, endedRequest: { actorId: actor, targetId: target, time: this.timeOf(effects) } };
    }
    this.requests.add(pair);
    return { ...effects, notices: [this.notice(effects, 'request', target, NOTHING)] };
  }

  private hide(): Effects {
    const userId = this.pick(USERS);
    const kind = this.pick<HidingKind>(['block', 'mute', 'mute-shares']);
    const hiding = { userId, otherId: this.otherThan(userId), kind, holds: this.random.below(4) === 0, until: null };
    return { ...this.event('social-graph-private', userId), hiding };
  }

  private changeObject(): Effects {
    const [id, owner] = this.pick([...this.posts]);
    const effects = this.event('activity', owner);
    const deleted = !this.deleted.delete(id);
    if (deleted) this.deleted.add(id);
    return { ...effects, objectState: { objectType: 'post', objectId: id, deleted, version: effects.version } };
  }

  private does(actor: UserId, verb: Verb, { type, id }: ObjectRef, more: Partial<Activity>): Effects {
    const effects = this.event('activity', actor);
    const row = this.rowOf(effects, actor, { ...NOTHING, objectType: type, objectId: id, ...more });
    return { ...effects, activity: { ...row, verb } };
  }

  private notice(effects: Effects, verb: NoticeVerb, userId: UserId, row: Partial<Activity>): Notice {
    return { ...this.rowOf(effects, effects.stream, { ...NOTHING, ...row }), verb, userId };
  }

  private rowOf(effects: Effects, actorId: UserId, row: Row): Omit<Activity, 'verb'> {
    const eventId = `01968a1e-7c00-7000-8000-${String(this.events).padStart(12, '0')}` as EventId;
    const place = { logPartition: effects.stream % PARTITIONS, logOffset: effects.offset as number };
    return { time: this.timeOf(effects), eventId, actorId, ...row, ...place };
  }

  /** Time grows within a stream, but streams are hours apart. */
  private event(source: EventSource, stream: UserId): Effects {
    const name = `${source} ${stream}`;
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    const partition = `${source} ${stream % PARTITIONS}`;
    const offset = this.offsets.get(partition) ?? 0;
    this.offsets.set(partition, offset + 1);
    const now = this.start + ++this.events * HOUR;
    this.times.set(name, Math.max((this.times.get(name) ?? 0) + 1, now - this.random.below(30) * HOUR));
    return { source, stream, version, offset, users: USERS.map((id) => ({ id, name: `user${id}` })) };
  }

  private timeOf({ source, stream }: Effects): EventTime {
    return fromMicroseconds(BigInt(this.times.get(`${source} ${stream}`) as number));
  }

  private otherThan(user: UserId): UserId {
    return this.pick(USERS.filter((one) => one !== user));
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.random.below(items.length)] as Item;
  }
}
