import type { ApiClient } from '../harness/api-client';
import { rebuildFeed } from '../harness/rebuild-feed';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';
import { FeedReads } from '../social-model/expect-feeds';
import { ObjectReads } from '../social-model/expect-objects';
import { RandomWriter } from '../social-model/random-writer';
import { WrittenWorld } from '../social-model/written-world';
import { seededRandom } from '../world/random';

const NAMES = ['ada', 'bob', 'cleo', 'dan'];
/** Writes before the first read. */
const FIRST = 40;
const STEPS = 30;
const SEED = 20260310;

jest.setTimeout(600_000);

describe('a world of random writes, in which every read is compared with the model after every write', () => {
  let system: System;
  let world: WrittenWorld;
  let feeds: FeedReads;
  let objects: ObjectReads;
  let writers: RandomWriter[];
  const random = seededRandom(SEED);

  beforeAll(async () => {
    system = await System.start({ feeds: ['projector', 'reader'] });
    const clients = new Map<string, ApiClient>();
    for (const name of NAMES) clients.set(name, await system.as(name));
    world = new WrittenWorld(system.address(), clients);
    [feeds, objects] = [new FeedReads(world), new ObjectReads(world)];
    writers = NAMES.map((name, index) => new RandomWriter(world, name, seededRandom(SEED + index)));
    for (const name of NAMES) {
      for (const other of NAMES.filter((one) => one !== name)) {
        await clients.get(name)?.follow(other);
        world.model.follow(name, other);
      }
    }
  });
  afterAll(() => system?.stop());

  const projector = () => system.feeds[0] as ServiceProcess;
  const reader = () => system.feeds[1] as ServiceProcess;

  async function write(times: number): Promise<string | undefined> {
    let object: string | undefined;
    for (let time = 0; time < times; time++) {
      object = await (writers[random.below(writers.length)] as RandomWriter).write();
    }
    return object;
  }

  /** Compares every read with the model; all that is about `object`, its comments and what it hangs on, in detail. */
  async function expectAsModel(object?: string): Promise<void> {
    await feeds.expectAsModel();
    await Promise.all(NAMES.map((name) => objects.expectNamed(name)));
    await Promise.all(NAMES.map((name) => objects.expectExpanded(name)));
    const { objects: model } = world.model;
    const root = object && model.rootOf(object);
    const touched = model.names().filter((one) => one === object || one === root || model.rootOf(one) === object);
    for (const one of touched) {
      const readers = new Set([model.ownerOf(one), NAMES[random.below(NAMES.length)] as string]);
      for (const reader of readers) await objects.expectAsModel(one, reader);
    }
  }

  async function writeAndRead(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) await expectAsModel(await write(1));
  }

  it('is as in the model after every write', async () => {
    await write(FIRST);
    await writeAndRead(STEPS);
  });

  it('is as in the model while and after the reader is restarted', async () => {
    await Promise.all([
      reader()
        .end('SIGKILL')
        .then(() => reader().start()),
      write(STEPS),
    ]);
    await writeAndRead(STEPS / 2);
  });

  it('is as in the model after the projector was killed', async () => {
    await projector().end('SIGKILL');
    await write(STEPS);
    await projector().start();
    await writeAndRead(STEPS / 2);
  });

  it('is as in the model after the feed was rebuilt from the log', async () => {
    await rebuildFeed(system);
    await expectAsModel();
    for (const object of world.model.objects.names()) await objects.expectAsModel(object, NAMES[0] as string);
    await writeAndRead(STEPS / 2);
  });
});
