import {
  type EventId,
  fromMicroseconds,
  type Microseconds,
  type ObjectRef,
  type ObjectType,
  toMicroseconds,
  toMilliseconds,
  type UserId,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import { DAY, HOUR, SECOND } from '../../services/feed/src/activity/durations';
import type { Effects, HidingKind, ObjectState, TakenBack } from '../../services/feed/src/activity/effects';
import type { Attention } from '../../services/feed/src/activity/hiding';
import { keyOfObject } from '../../services/feed/src/activity/object-key';
import { TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import type { AccountStep, Change, HidingStep, ObjectChange } from './index-steps';

export const START = (Math.floor(1_790_000_000_000_000 / DAY) * DAY + 6 * HOUR) as Microseconds;
/** Of all objects. */
export const OWNER = 1_000;

const objectOfNumber = (object: number): ObjectRef => ({ type: object % 2 ? 'post' : 'photo', id: object * 2 ** 49 });
const commentOn = (object: number): ObjectRef => ({ type: 'comment', id: object });
const objectOf = ({ object, ofComment }: { object: number; ofComment: boolean }) =>
  (ofComment ? commentOn : objectOfNumber)(object);

/** Added to a user's id for the versions at another source. */
const ACCOUNTS = 1_000_000;

/** Who reads, and how. Without a viewer, nothing is hidden. */
export interface Reading {
  viewer?: number | undefined;
  attention: Attention;
}

/** All activities that are not taken back, which objects are deleted, and the index under test. */
export class IndexWorld {
  private readonly deleted = new Set<number>();
  private settling: Generator<undefined, void> | undefined;
  private readonly visible = new Map<number, Activity[]>();
  private readonly versions = new Map<number, number>();
  /** By actor, verb and object, the end of the last range that was taken back. */
  private readonly undoneUntil = new Map<string, number>();
  /** By who hides whom and how, when it ends. */
  private readonly hidings = new Map<string, number>();
  private readonly accounts = new Map<number, { private?: boolean; suspended?: boolean }>();
  /** Pairs of users: whom a viewer follows. */
  private readonly follows = new Set<string>();
  private now = START as number;
  private events = 0;
  readonly index: TimelineIndex;

  constructor(budget: number) {
    const now = () => toMilliseconds(this.now as Microseconds);
    this.index = new TimelineIndex({ budget, followeeBudget: 10, segmentBits: 3, now });
  }

  passTime(seconds: number): void {
    this.now += seconds * SECOND;
  }

  apply(change: Change): void {
    expect(this.index.apply(this.happen(change))).toBe('applied');
  }

  /** Changes of one stream that only the database receives, except the last. */
  miss(actor: number, missed: readonly Change[]): void {
    for (const change of missed) this.happen({ ...change, actor });
    const last = this.happen({ step: 'act', actor, verb: 'post', object: 1, ofComment: false, age: 0 });
    expect(this.index.apply(last)).toBe('gap');
    const stored = this.of(actor).filter(({ time }) => toMicroseconds(time) > this.index.floor - SECOND);
    this.index.restore({
      source: 'activity',
      stream: actor,
      version: last.version,
      activities: stored,
      objectStates: [],
      hidings: [],
    });
  }

  /** An event of the objects' owner. */
  changeObject(change: ObjectChange): void {
    const objectState = this.happenTo(change);
    const { version } = objectState;
    const effects = { source: 'activity' as const, stream: OWNER as UserId, version, users: [], objectState };
    expect(this.index.apply(effects)).toBe('applied');
    // Whoever requires it waits until restored rows are shown, and for all counts to be right.
    if (this.index.objects.pending.has(keyOfObject(objectOf(change)))) {
      const isSettled = (counts: boolean) => this.index.isSettled('activity', OWNER, version, counts);
      expect(isSettled(true)).toBe(false);
      if (!objectState.deleted) expect(isSettled(false)).toBe(false);
    }
  }

  /** Changes of objects that only the database receives. */
  missObjectChanges(missed: readonly ObjectChange[]): void {
    const states = new Map(missed.map((change) => [keyOfObject(objectOf(change)), this.happenTo(change)]));
    const version = (this.versions.get(OWNER) ?? 0) + 1;
    this.versions.set(OWNER, version);
    const effects = { source: 'activity' as const, stream: OWNER as UserId, version, users: [] };
    expect(this.index.apply(effects)).toBe('gap');
    this.index.restore({
      source: 'activity',
      stream: OWNER,
      version,
      activities: [],
      objectStates: [...states.values()],
      hidings: [],
    });
  }

  /** Lets the pass over all rows continue. */
  settle(turns = Number.POSITIVE_INFINITY): void {
    const { index } = this;
    for (let turn = 0; turn < turns; turn++) {
      if (!this.settling && index.objects.pending.size === 0) return;
      this.settling ??= index.settle();
      if (this.settling.next().done) this.settling = undefined;
    }
  }

  hide({ viewer, other, kind, holds, byOther, lasts }: HidingStep): void {
    const [user, target] = kind === 'block' && byOther ? [other, viewer] : [viewer, other];
    const end = kind === 'block' || lasts === null ? null : ((this.now + lasts * SECOND) as Microseconds);
    const version = (this.versions.get(-user) ?? 0) + 1;
    this.versions.set(-user, version);
    const effects: Effects = {
      source: 'social-graph-private',
      stream: user as UserId,
      version,
      users: [],
      hiding: {
        userId: user as UserId,
        otherId: target as UserId,
        kind,
        holds,
        until: end === null ? null : fromMicroseconds(end),
      },
    };
    expect(this.index.apply(effects)).toBe('applied');
    if (holds) this.hidings.set(`${user} ${target} ${kind}`, end ?? Number.POSITIVE_INFINITY);
    else this.hidings.delete(`${user} ${target} ${kind}`);
  }

  changeAccount({ user, change }: AccountStep): void {
    const version = (this.versions.get(user + ACCOUNTS) ?? 0) + 1;
    this.versions.set(user + ACCOUNTS, version);
    const stream = user as UserId;
    const account = { userId: stream, ...change };
    const effects: Effects = { source: 'social-graph', stream, version, users: [], account };
    expect(this.index.apply(effects)).toBe('applied');
    this.accounts.set(user, { ...this.accounts.get(user), ...change });
  }

  follow(viewer: number, other: number, follows: boolean): void {
    if (follows) this.follows.add(`${viewer} ${other}`);
    else this.follows.delete(`${viewer} ${other}`);
  }

  /** User numbers, ascending. */
  followeesOf(viewer: number): Uint32Array {
    const pairs = [...this.follows].map((pair) => pair.split(' ').map(Number) as [number, number]);
    const others = pairs.flatMap(([user, other]) => (user === viewer ? this.index.users.number(other) : []));
    return Uint32Array.from(others).sort();
  }

  private isClosed(user: number, viewer: number): boolean {
    const { private: isPrivate, suspended } = this.accounts.get(user) ?? {};
    return suspended === true || (isPrivate === true && user !== viewer && !this.follows.has(`${viewer} ${user}`));
  }

  /** What reads show: nothing about a pending object, and nothing that is hidden from the viewer. */
  shown(actor: number, { viewer, attention }: Reading = { attention: 'asked' }): Activity[] {
    const { pending } = this.index.objects;
    const hides = (other: number, kind: HidingKind) => this.holds(viewer ?? 0, other, kind);
    const isBlocked = (other: number) => hides(other, 'block') || this.holds(other, viewer ?? 0, 'block');
    const isClosed = (other: number) => viewer !== undefined && this.isClosed(other, viewer);
    const isHidden = (other: number) =>
      isBlocked(other) || isClosed(other) || (attention === 'unasked' && hides(other, 'mute'));
    const isVisible = ({ actorId, targetId, rootOwnerId, verb }: Activity) =>
      ![actorId, targetId ?? 0, rootOwnerId ?? 0].some(isHidden) &&
      !(attention === 'unasked' && verb === 'share' && hides(actorId, 'mute-shares'));
    return this.of(actor)
      .filter((one) => !keysOf(one).some((key) => this.deleted.has(key) || pending.has(key)))
      .filter(isVisible);
  }

  /** Ends are compared in milliseconds, like the clock. */
  private holds(user: number, other: number, kind: HidingKind): boolean {
    const end = this.hidings.get(`${user} ${other} ${kind}`) ?? 0;
    return Math.floor(end / 1_000) > Math.floor(this.now / 1_000);
  }

  expectSettled(): void {
    expect(this.index.objects.pending.size).toBe(0);
    expect(this.index.isSettled('activity', OWNER, Number.MAX_SAFE_INTEGER, true)).toBe(true);
  }

  of(actor: number): Activity[] {
    return this.visible.get(actor) ?? [];
  }

  private happenTo(change: ObjectChange): ObjectState {
    const { type, id } = objectOf(change);
    const version = (this.versions.get(OWNER) ?? 0) + 1;
    this.versions.set(OWNER, version);
    if (change.deleted) this.deleted.add(keyOfObject({ type, id }));
    else this.deleted.delete(keyOfObject({ type, id }));
    return { objectType: type, objectId: id, deleted: change.deleted, version };
  }

  private happen(change: Change): Effects {
    const { actor } = change;
    const version = (this.versions.get(actor) ?? 0) + 1;
    this.versions.set(actor, version);
    // Times of a stream all differ.
    this.now += 1;
    const effects = { source: 'activity' as const, stream: actor as UserId, version, users: [] };
    if (change.step === 'act') return { ...effects, activity: this.act(change) };
    const takenBack = change.step === 'unlike' ? this.unlike(change) : this.unshare(change);
    return takenBack ? { ...effects, takenBack } : effects;
  }

  private act({ actor, verb, object, ofComment, age }: Change & { step: 'act' }): Activity {
    const number = String(++this.events).padStart(12, '0');
    const root = objectOfNumber(object);
    const isOfComment = verb === 'like' && ofComment;
    const { type, id } = objectOf({ object, ofComment: isOfComment });
    // Times of a stream only grow, so an activity never lies in a range that was taken back before it.
    const earliest = (this.undoneUntil.get(`${actor} ${verb} ${type}:${id}`) ?? 0) + this.events;
    const activity: Activity = {
      time: fromMicroseconds(Math.max(this.now - age * SECOND, earliest) as Microseconds),
      eventId: `00000000-0000-4000-8000-${number}` as EventId,
      actorId: actor as UserId,
      verb,
      objectType: type,
      // Above 32 bits too.
      objectId: id,
      targetId: (isOfComment ? 500 + 3 + object : 500 + object) as UserId,
      commentId: verb === 'comment' ? commentOn(object).id : null,
      ...(isOfComment && { rootType: root.type, rootId: root.id, rootOwnerId: (500 + object) as UserId }),
    };
    this.visible.set(actor, [...this.of(actor), activity]);
    return activity;
  }

  private unlike({ actor, place }: Change & { step: 'unlike' }): TakenBack | undefined {
    const likes = this.of(actor).filter(({ verb }) => verb === 'like');
    const like = likes[place % likes.length];
    return like && this.takeBack(like, [like]);
  }

  private unshare({ actor, object }: Change & { step: 'unshare' }): TakenBack | undefined {
    const shares = this.of(actor).filter(({ verb, objectId }) => verb === 'share' && objectId === object * 2 ** 49);
    return shares[0] && this.takeBack(shares[0], shares);
  }

  private takeBack({ actorId, verb, objectType, objectId }: Activity, undone: Activity[]): TakenBack {
    this.visible.set(
      actorId,
      this.of(actorId).filter((one) => !undone.includes(one)),
    );
    const times = undone.map(({ time }) => time).sort();
    const [from, to] = [times[0], times.at(-1)] as [Activity['time'], Activity['time']];
    this.undoneUntil.set(`${actorId} ${verb} ${objectType}:${objectId}`, toMicroseconds(to));
    return { actorId, verb, objectType: objectType as ObjectType, objectId: objectId as number, from, to };
  }
}

/** Objects without which an activity is not shown. */
export const keysOf = ({ objectType, objectId, commentId, rootType, rootId }: Activity): number[] => {
  const keys = [keyOfObject({ type: objectType as ObjectType, id: objectId as number })];
  if (commentId) keys.push(keyOfObject({ type: 'comment', id: commentId }));
  if (rootType && rootId) keys.push(keyOfObject({ type: rootType, id: rootId }));
  return keys;
};
