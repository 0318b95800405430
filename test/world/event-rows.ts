import { createHash } from 'node:crypto';
import { type EventTime, fromMicroseconds, hashKey, type Source, sourceOf } from '@activity-feed/contracts';
import { nameOf } from './names.ts';
import type { WorldPlan } from './plan.ts';
import type { Happening } from './world.ts';

/** An event as a row of its service's events table. */
export interface EventRow {
  source: Source;
  eventId: string;
  stream: number;
  version: number;
  type: string;
  data: string;
  time: EventTime;
}

/** Makes rows of happenings, in their order: ids, names, and each stream's versions. */
export class EventRows {
  private readonly versions: Record<Source, Uint32Array>;
  private count = 0;

  private readonly plan: WorldPlan;

  constructor(plan: WorldPlan) {
    this.plan = plan;
    this.versions = { 'social-graph': new Uint32Array(plan.users), activity: new Uint32Array(plan.users) };
  }

  idOf(user: number): number {
    return this.plan.firstIds.user + user;
  }

  rowOf(happening: Happening): EventRow {
    const { type, actor, time } = happening;
    const source = sourceOf(type);
    const versions = this.versions[source];
    const version = (versions[actor] as number) + 1;
    versions[actor] = version;
    const eventId = eventIdOf(this.plan.seed, this.count++, Math.floor(time / 1_000));
    const data = JSON.stringify(this.dataOf(happening));
    return { source, eventId, stream: this.idOf(actor), version, type, data, time: fromMicroseconds(BigInt(time)) };
  }

  private dataOf({ actor, object, target }: Happening): object {
    return {
      actor: this.user(actor),
      ...(object && {
        object: { type: object.type, id: object.id, ...(target === undefined && { content: contentOf(object.id) }) },
      }),
      ...(target !== undefined && { target: this.user(target) }),
    };
  }

  private user(user: number) {
    return { id: this.idOf(user), name: nameOf(user) };
  }
}

/** The key of a user of the world with `seed`: anybody can work it out, so that a world can be used at once. */
export const keyOf = (seed: number, user: number): string =>
  createHash('sha256').update(`key ${seed} ${user}`).digest('base64url').slice(0, 32);

export const keyHashOf = (seed: number, user: number): Buffer => hashKey(keyOf(seed, user));

export const contentOf = (object: number): string => `What I wanted to say for the ${object}th time`;

/** A UUID of version 7 (RFC 9562) for the time, whose random bits are the number of the event and the seed. */
function eventIdOf(seed: number, number: number, milliseconds: number): string {
  const time = milliseconds.toString(16).padStart(12, '0');
  const tail = number.toString(16).padStart(15, '0');
  const seeded = (seed & 0xfff).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${seeded}-8${tail.slice(0, 3)}-${tail.slice(3)}`;
}
