import { isDeepStrictEqual } from 'node:util';
import type { EventTime } from '@activity-feed/contracts';
import { step } from '../../infra/console.ts';
import type { ServerAddresses } from '../../infra/settings.ts';
import type { User } from '../load/world/world.ts';
import { awaitFeed } from '../world/await-feed.ts';
import { keyOf } from '../world/event-rows.ts';
import { findPlace } from '../world/find-place.ts';
import { nameOf } from '../world/names.ts';
import type { WorldPlan } from '../world/plan.ts';
import { World } from '../world/world.ts';
import { writeWorld } from '../world/write-world.ts';
import { BenchSystem } from './bench-system.ts';
import type { Sizes } from './sizes.ts';

const HOUR = 3_600_000;
const SEED = 1;

/** A system with a generated world. */
export interface BenchWorld {
  readonly system: BenchSystem;
  /** The most popular and most active users first. */
  readonly users: readonly User[];
}

/** The servers, sizes and worlds that benchmarks use. */
export class BenchContext {
  readonly servers: ServerAddresses;
  readonly sizes: Sizes;
  readonly signal: AbortSignal;
  private shared: Promise<BenchWorld> | undefined;

  constructor(servers: ServerAddresses, sizes: Sizes, signal: AbortSignal) {
    this.servers = servers;
    this.sizes = sizes;
    this.signal = signal;
  }

  /** The shared world, generated on first use. Benchmarks may add to it. */
  world(): Promise<BenchWorld> {
    this.shared ??= step('Generating the world', () => makeWorld(this, this.sizes.world));
    return this.shared;
  }

  /** Runs `work` with an empty system. */
  withSystem = async <T>(work: (system: BenchSystem) => Promise<T>): Promise<T> => {
    const system = await BenchSystem.start(this.servers);
    try {
      return await work(system);
    } finally {
      await system.end();
    }
  };

  /** Runs `work` with a separate world of the given size, or with the shared one if that has this size. */
  withWorld = async <T>(size: Sizes['world'], work: (world: BenchWorld) => Promise<T>): Promise<T> => {
    if (this.sizes.oneWorld && isDeepStrictEqual(size, this.sizes.world)) return work(await this.world());
    const world = await makeWorld(this, size);
    try {
      return await work(world);
    } finally {
      await world.system.end();
    }
  };

  async end(): Promise<void> {
    const world = await this.shared?.catch(() => undefined);
    await world?.system.end();
  }
}

async function makeWorld({ servers, signal }: BenchContext, size: Sizes['world']): Promise<BenchWorld> {
  const system = await BenchSystem.start(servers);
  try {
    const until = new Date(Math.floor(Date.now() / HOUR) * HOUR).toISOString().replace('Z', '000+00:00') as EventTime;
    const place = await findPlace(system.stores, { ...size, seed: SEED, until }, true);
    let written = 0;
    const onWritten = (events: number) => {
      written += events;
    };
    await writeWorld(system.stores, place, onWritten, signal);
    await awaitFeed(system.stores, place.plan, written, () => {}, signal);
    signal.throwIfAborted();
    for (const client of [...Object.values(system.stores.write), system.stores.feed]) await client.query('ANALYZE');
    return { system, users: usersByRank(place.plan) };
  } catch (error) {
    await system.end();
    throw error;
  }
}

function usersByRank(plan: WorldPlan): User[] {
  return new World(plan).ranking.map((user) => ({ name: nameOf(user), key: keyOf(plan, user) }));
}

/** `count` users, evenly spaced from the most to the least popular. */
export function sample(users: readonly User[], count: number): User[] {
  return Array.from({ length: count }, (_, index) => users[Math.floor(((index + 0.5) / count) * users.length)] as User);
}
