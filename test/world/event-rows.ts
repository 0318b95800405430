import { createHash } from 'node:crypto';
import {
  type EventTime,
  type EventType,
  fromMicroseconds,
  hashKey,
  SOURCE,
  sourceOf,
  type WriteService,
} from '@activity-feed/contracts';
import type { WorldPlan } from './plan.ts';
import type { Acts, WorldComment } from './social-state.ts';
import type { Happening } from './world.ts';

/** An event as a row of its service's events table. */
export interface EventRow {
  source: WriteService;
  eventId: string;
  stream: number;
  version: number;
  type: string;
  time: EventTime;
}

/** Turns happenings into event rows, in order: assigns the event ids and the versions of each stream. */
export class EventRows {
  private readonly versions: Record<WriteService, Uint32Array>;
  /** The last like of each user. */
  private readonly lastLikes = new Map<number, EventRow>();
  /** The like that an unlike takes back. */
  private readonly undoneLikes = new WeakMap<Happening, EventRow>();
  private count = 0;

  private readonly plan: WorldPlan;
  private readonly nameOf: (user: number) => string;

  constructor(plan: WorldPlan, nameOf: (user: number) => string) {
    this.plan = plan;
    this.nameOf = nameOf;
    this.versions = { 'social-graph': new Uint32Array(plan.users), activity: new Uint32Array(plan.users) };
  }

  idOf(user: number): number {
    return this.plan.firstIds.user + user;
  }

  rowOf(happening: Happening): EventRow {
    const { type, actor, time } = happening;
    const source = SOURCE[sourceOf(type)].service;
    const versions = this.versions[source];
    const version = (versions[actor] as number) + 1;
    versions[actor] = version;
    const eventId = eventIdOf(this.plan, this.count++, Math.floor(time / 1_000));
    const row = { source, eventId, stream: this.idOf(actor), version, type, time: timeOf(time) };
    if (type === 'activity.object-liked.v1') this.lastLikes.set(actor, row);
    if (type === 'activity.object-unliked.v1') this.undoneLikes.set(happening, this.lastLikes.get(actor) as EventRow);
    return row;
  }

  /** The data of an event that already has its row. Its users must be registered. */
  dataOf(happening: Happening): object {
    const { type, actor, object, target, undone, restorableUntil, createdAt } = happening;
    const isRestored = type === 'activity.object-restored.v1';
    const withContent = adds(type) || isRestored;
    return {
      actor: this.user(actor),
      ...(object && {
        object: { type: object.type, id: object.id, ...(withContent && { content: contentOf(object.id) }) },
      }),
      ...(target !== undefined && { target: this.user(target) }),
      ...(object?.type === 'comment' && this.placeOf(object, adds(type))),
      ...(undone && { undone: this.undoneBy(happening, undone) }),
      ...(restorableUntil !== undefined && { restorable_until: timeOf(restorableUntil) }),
      ...(isRestored && { revision: 1 }),
      ...(createdAt !== undefined && { created_at: timeOf(createdAt) }),
    };
  }

  /** What a comment hangs on, in the event that adds it or in another one about it. */
  private placeOf({ root, thread, replyTo }: WorldComment, added: boolean): object {
    const place = { root: { type: root.type, id: root.id } };
    if (!added) return { ...place, root_owner: this.user(root.owner) };
    return { ...place, thread, reply_to: replyTo && { id: replyTo.id, owner: this.user(replyTo.owner) } };
  }

  private undoneBy(happening: Happening, { count, first, last }: Acts) {
    const like = this.undoneLikes.get(happening);
    if (like) return { id: like.eventId, version: like.version, time: like.time };
    return { count, first_time: timeOf(first), last_time: timeOf(last) };
  }

  private user(user: number) {
    return { id: this.idOf(user), name: this.nameOf(user) };
  }
}

export const timeOf = (microseconds: number): EventTime => fromMicroseconds(BigInt(microseconds));

/** Whether an event adds its object. */
export const adds = (type: EventType): boolean =>
  type === 'activity.object-posted.v1' || type === 'activity.comment-posted.v1';

/** The key of a user, derived from the plan (so it is no secret). Unique within a system. */
export const keyOf = ({ seed, firstIds }: WorldPlan, user: number): string =>
  createHash('sha256')
    .update(`key ${seed} ${firstIds.user + user}`)
    .digest('base64url')
    .slice(0, 32);

export const keyHashOf = (plan: WorldPlan, user: number): Buffer => hashKey(keyOf(plan, user));

export const contentOf = (object: number): string => `What I wanted to say for the ${object}th time`;

/**
 * A UUID of version 7 (RFC 9562). In place of random bits it has the id of the world's first user, which is unique per
 * world in a system, the lowest byte of the seed, and the number of the event.
 */
function eventIdOf({ seed, firstIds }: WorldPlan, number: number, milliseconds: number): string {
  const time = hex(milliseconds, 12);
  const world = hex(firstIds.user, 8);
  const tail = `${world.slice(3)}${hex(seed & 0xff, 2)}${hex(number, 8)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${world.slice(0, 3)}-8${tail.slice(0, 3)}-${tail.slice(3)}`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
