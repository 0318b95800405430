import type { EventType } from '@activity-feed/contracts';
import { followersOf } from './follower-bands.ts';
import { DAY, startOf, type WorldPlan } from './plan.ts';
import { type Random, seededRandom, shuffled } from './random.ts';
import {
  type Acts,
  FollowState,
  ObjectState,
  type PostedObject,
  type Undo,
  type WorldComment,
  type WorldObject,
} from './social-state.ts';
import { zipfRanks } from './zipf.ts';

/** Something that happens in the world. Users are numbers from 0; names and ids are added later. */
export interface Happening {
  type: EventType;
  actor: number;
  /** Microseconds since 1970, strictly increasing. */
  time: number;
  /** The other user of a follow, or the owner of the object; of a comment, of what it comments on. */
  target?: number;
  object?: WorldObject;
  /** Of an unlike the actor's last like, of an unshare all the actor's shares of the object. */
  undone?: Acts;
  /** Of a deletion, until when it can be restored. */
  restorableUntil?: number;
  /** Of a deleted or restored object, when it was posted. */
  createdAt?: number;
}

/** The share of all users who are active on a day. */
const ACTIVE = 0.1;

/** What users do, in thousandths. About one of 100 objects is deleted, and some of them are restored. */
const SHARES = [
  ['photo', 90],
  ['post', 110],
  ['like', 467],
  ['unlike', 20],
  ['share', 110],
  ['comment', 50],
  ['unshare', 10],
  ['follow', 100],
  ['unfollow', 40],
  ['delete', 2],
  ['restore', 1],
] as const;

/** Microseconds for which a deleted object can be restored. */
const RESTORABLE = 30 * DAY;

/** The shares of comments that are replies, and of likes that are of comments. */
const REPLIES = 0.3;
const LIKES_OF_COMMENTS = 0.1;

const KINDS = SHARES.flatMap(([kind, share]) => Array<(typeof SHARES)[number][0]>(share).fill(kind));

/** Generates everything that happens in a world, in order: registrations, initial follows, then the days. */
export class World {
  private readonly random: Random;
  /** Users from the most to the least popular. Popular users are also more active. */
  private readonly byRank: Uint32Array;
  private readonly drawRank: (random: Random) => number;
  private readonly follows: FollowState;
  private readonly objects = new ObjectState();
  private readonly ids: Record<WorldObject['type'], number>;

  private readonly plan: WorldPlan;

  constructor(plan: WorldPlan) {
    this.plan = plan;
    this.random = seededRandom(plan.seed);
    this.byRank = shuffled(plan.users, this.random);
    this.drawRank = zipfRanks(plan.users);
    this.follows = new FollowState(plan.users);
    const { post, photo, comment } = plan.firstIds;
    this.ids = { post, photo, comment };
  }

  /** The user at a position in the ranking, from 0 (most popular) to 1. */
  userAt(share: number): number {
    return this.byRank[Math.min(Math.floor(share * this.plan.users), this.plan.users - 1)] as number;
  }

  /** All users, most popular and most active first. */
  get ranking(): readonly number[] {
    return [...this.byRank];
  }

  *happenings(): Generator<Happening> {
    const start = startOf(this.plan);
    yield* this.registrations(start - 2 * DAY);
    yield* this.firstFollows(start - DAY);
    for (let day = 0; day < this.plan.days; day++) yield* this.day(day, start + day * DAY);
  }

  private *registrations(start: number): Generator<Happening> {
    for (let actor = 0; actor < this.plan.users; actor++) {
      yield { type: 'social-graph.user-registered.v1', actor, time: start + actor };
    }
  }

  /** Each user gets as many followers as their band says, spread over all users. */
  private *firstFollows(start: number): Generator<Happening> {
    const { users } = this.plan;
    let time = start;
    for (let rank = 0; rank < users; rank++) {
      const target = this.byRank[rank] as number;
      const stride = strideThrough(users, this.random);
      let actor = this.random.below(users);
      for (let left = followersOf(rank, users); left > 0; ) {
        actor = (actor + stride) % users;
        if (!this.follows.follow(actor, target)) continue;
        yield { type: 'social-graph.user-followed.v1', actor, target, time: time++ };
        left--;
      }
    }
  }

  private *day(day: number, start: number): Generator<Happening> {
    const { activities, days } = this.plan;
    const count = Math.floor(((day + 1) * activities) / days) - Math.floor((day * activities) / days);
    const active = this.activeUsers();
    const draw = zipfRanks(active.length);
    for (let number = 0; number < count; number++) {
      const actor = active[draw(this.random)] as number;
      const time = start + Math.floor(((number + this.random.fraction()) / count) * (DAY - count)) + number;
      yield this.activity(actor, time);
    }
  }

  /** A random tenth of all users. Popular users are chosen more often and come first. */
  private activeUsers(): number[] {
    const wanted = Math.max(Math.round(this.plan.users * ACTIVE), 1);
    const chosen = new Set<number>();
    while (chosen.size < wanted) chosen.add(this.drawRank(this.random));
    return [...chosen].sort((a, b) => a - b).map((rank) => this.byRank[rank] as number);
  }

  private activity(actor: number, time: number): Happening {
    const kind = KINDS[this.random.below(KINDS.length)] ?? 'like';
    switch (kind) {
      case 'photo':
      case 'post':
        return this.post(actor, time, kind);
      case 'like':
      case 'unlike':
      case 'share':
      case 'unshare':
      case 'comment':
      case 'follow':
      case 'unfollow':
      case 'delete':
      case 'restore':
        return this[kind](actor, time);
    }
  }

  private post(actor: number, time: number, type: 'post' | 'photo'): Happening {
    const object: PostedObject = { type, id: this.ids[type]++, owner: actor };
    this.objects.add(object, time);
    return { type: 'activity.object-posted.v1', actor, time, object };
  }

  /** Likes an object, or shares it if the user already likes it. */
  private like(actor: number, time: number): Happening {
    const comment = this.random.fraction() < LIKES_OF_COMMENTS ? this.objects.anyRecentComment(this.random) : undefined;
    if (comment !== undefined && this.objects.like(actor, comment, time)) {
      return this.about(comment, { type: 'activity.object-liked.v1', actor, time });
    }
    const place = this.objects.anyRecent(this.random);
    if (place === undefined) return this.post(actor, time, 'post');
    if (!this.objects.like(actor, place, time)) return this.shareOf(place, actor, time);
    return this.about(place, { type: 'activity.object-liked.v1', actor, time });
  }

  private share(actor: number, time: number): Happening {
    const place = this.objects.anyRecent(this.random);
    if (place === undefined) return this.post(actor, time, 'post');
    return this.shareOf(place, actor, time);
  }

  private shareOf(place: number, actor: number, time: number): Happening {
    this.objects.share(actor, place, time);
    return this.about(place, { type: 'activity.object-shared.v1', actor, time });
  }

  private unlike(actor: number, time: number): Happening {
    const undo = this.objects.unlike(actor);
    if (!undo) return this.like(actor, time);
    return this.takeBack(undo, { type: 'activity.object-unliked.v1', actor, time });
  }

  private unshare(actor: number, time: number): Happening {
    const undo = this.objects.unshare(actor);
    if (!undo) return this.share(actor, time);
    return this.takeBack(undo, { type: 'activity.object-unshared.v1', actor, time });
  }

  private takeBack({ place, undone }: Undo, happening: Happening): Happening {
    return { ...this.about(place, happening), undone };
  }

  private about(place: number, happening: Happening): Happening {
    const object = this.objects.at(place);
    return { ...happening, object, target: object.owner };
  }

  /** Comments on an object, or replies to a comment. */
  private comment(actor: number, time: number): Happening {
    const place = this.objects.anyRecent(this.random);
    if (place === undefined) return this.post(actor, time, 'post');
    const replied = this.random.fraction() < REPLIES ? this.objects.anyRecentComment(this.random) : undefined;
    const to = replied === undefined ? undefined : (this.objects.at(replied) as WorldComment);
    const object: WorldComment = {
      type: 'comment',
      id: this.ids.comment++,
      owner: actor,
      root: to?.root ?? (this.objects.at(place) as PostedObject),
      thread: to ? (to.thread ?? to.id) : null,
      replyTo: to ? { id: to.id, owner: to.owner } : null,
    };
    this.objects.add(object, time);
    return { type: 'activity.comment-posted.v1', actor, time, object, target: object.root.owner };
  }

  /** Deletes the user's last object, or posts one if it is gone. */
  private delete(actor: number, time: number): Happening {
    const restorableUntil = time + RESTORABLE;
    const deleted = this.objects.delete(actor, restorableUntil);
    if (!deleted) return this.post(actor, time, 'photo');
    const { place, createdAt } = deleted;
    return { ...this.about(place, { type: 'activity.object-deleted.v1', actor, time }), restorableUntil, createdAt };
  }

  /** Restores what the user deleted last. Deletes instead if that is nothing. */
  private restore(actor: number, time: number): Happening {
    const restored = this.objects.restore(actor, time);
    if (!restored) return this.delete(actor, time);
    const object = this.objects.at(restored.place);
    return { type: 'activity.object-restored.v1', actor, time, object, createdAt: restored.createdAt };
  }

  /** Prefers popular users. Unfollows instead if ten attempts find nobody new. */
  private follow(actor: number, time: number): Happening {
    for (let attempt = 0; attempt < 10; attempt++) {
      const target = this.byRank[this.drawRank(this.random)] as number;
      if (this.follows.follow(actor, target)) return { type: 'social-graph.user-followed.v1', actor, time, target };
    }
    return this.unfollow(actor, time);
  }

  private unfollow(actor: number, time: number): Happening {
    const target = this.follows.unfollowAny(actor, this.random);
    if (target === undefined) return this.post(actor, time, 'post');
    return { type: 'social-graph.user-unfollowed.v1', actor, time, target };
  }
}

/** A random step that is coprime to `count`, so that it visits all users before one repeats. */
function strideThrough(count: number, random: Random): number {
  for (;;) {
    const stride = 1 + random.below(count);
    if (greatestCommonDivisor(stride, count) === 1) return stride;
  }
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
