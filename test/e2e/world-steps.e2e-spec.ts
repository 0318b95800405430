import type { ApiClient } from '../harness/api-client';
import { rebuildFeed } from '../harness/rebuild-feed';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';
import { FeedReads } from '../social-model/expect-feeds';
import { NewerReads } from '../social-model/expect-newer';
import { NotificationReads } from '../social-model/expect-notifications';
import { ObjectReads } from '../social-model/expect-objects';
import { UserReads } from '../social-model/expect-users';
import { FollowedLists } from '../social-model/followed-lists';
import { RandomWriter } from '../social-model/random-writer';
import { WrittenWorld } from '../social-model/written-world';
import { seededRandom } from '../world/random';

const NAMES = ['ada', 'bob', 'cleo', 'dan'];
/** Writes before the first read. */
const FIRST = 40;
const STEPS = 12;
const SEED = 20260310;
/** Every fifth step, feeds are read in short pages. */
const IN_SHORT_PAGES = 5;
/** Lengths of pages. */
const [SHORT, LONG] = [7, 200];

jest.setTimeout(600_000);

describe('a world of random writes, in which every read is compared with the model after every write', () => {
  let system: System;
  let world: WrittenWorld;
  let feeds: FeedReads;
  let objects: ObjectReads;
  let users: UserReads;
  let notifications: NotificationReads;
  let newer: NewerReads;
  let followed: FollowedLists;
  let writers: RandomWriter[];
  const random = seededRandom(SEED);

  beforeAll(async () => {
    system = await System.start({ feeds: ['projector', 'reader', 'reader'], gateways: 2 });
    const clients = new Map<string, ApiClient>();
    for (const name of NAMES) clients.set(name, await system.as(name));
    world = new WrittenWorld(system, clients);
    [feeds, objects, users] = [new FeedReads(world), new ObjectReads(world), new UserReads(world)];
    notifications = new NotificationReads(world);
    newer = new NewerReads(world, random);
    followed = new FollowedLists(world, system, random);
    writers = NAMES.map((name, index) => new RandomWriter(world, name, seededRandom(SEED + index)));
    for (const name of NAMES) {
      for (const other of NAMES.filter((one) => one !== name)) {
        const { headers } = await (clients.get(name) as ApiClient).follow(other);
        world.model.followed(name, other, headers.get('consistency-token') as string);
      }
    }
  });
  afterAll(() => {
    followed?.close();
    return system?.stop();
  });

  const projector = () => system.feeds[0] as ServiceProcess;
  const reader = () => system.feeds[1] as ServiceProcess;

  /** Writes as a random user. Returns the object that was written about, if any. */
  const write = (): Promise<string | undefined> => (writers[random.below(NAMES.length)] as RandomWriter).write();

  async function writeMore(times: number): Promise<void> {
    for (let time = 0; time < times; time++) await write();
  }

  /** Compares all that users read with the model. */
  async function expectReads(limit: number): Promise<void> {
    await feeds.expectAsModel({ readers: NAMES, limit });
    await notifications.expectAsModel(NAMES, limit);
    await newer.expectAsModel();
    await newer.keep(NAMES);
    await followed.expectAsModel();
    await followed.cutSome();
    await Promise.all(NAMES.map((name) => objects.expectNamed(name)));
    await Promise.all(NAMES.map((name) => objects.expectExpanded(name)));
    await Promise.all(NAMES.map((name) => expectUsers(name)));
  }

  async function expectUsers(reader: string): Promise<void> {
    await users.expectListsOf(reader);
    for (const name of NAMES) if (name !== reader) await users.expectAsModel(name, reader);
  }

  /** Compares all that is about `object`, its comments and what it hangs on. */
  async function expectDetails(object: string): Promise<void> {
    const { objects: model } = world.model;
    const root = model.rootOf(object);
    const anybody = () => NAMES[random.below(NAMES.length)] as string;
    const reads = [object, ...(root ? [root] : [])].flatMap((one) =>
      [...new Set([model.ownerOf(one), anybody()])].map((reader) => objects.expectAsModel(one, reader)),
    );
    const comments = model.names().filter((one) => model.rootOf(one) === object);
    await Promise.all([...reads, ...comments.map((one) => objects.expectAsModel(one, anybody()))]);
  }

  async function writeAndRead(steps: number): Promise<void> {
    for (let step = 1; step <= steps; step++) {
      const object = await write();
      if (random.below(2)) await (writers[random.below(NAMES.length)] as RandomWriter).mark();
      await expectReads(step % IN_SHORT_PAGES === 0 ? SHORT : LONG);
      if (object) await expectDetails(object);
    }
  }

  it('is as in the model after every write', async () => {
    await writeMore(FIRST);
    await writeAndRead(STEPS);
  });

  it('is as in the model while and after the reader is restarted', async () => {
    await Promise.all([
      reader()
        .end('SIGKILL')
        .then(() => reader().start()),
      writeMore(STEPS),
    ]);
    await writeAndRead(STEPS / 2);
  });

  it('is as in the model after the projector was killed', async () => {
    await projector().end('SIGKILL');
    await writeMore(STEPS);
    await projector().start();
    await writeAndRead(STEPS / 2);
  });

  it('is as in the model after the feed was rebuilt from the log', async () => {
    await rebuildFeed(system);
    await newer.expectAllGone();
    await expectReads(SHORT);
    for (const object of world.model.objects.names()) await expectDetails(object);
    await writeAndRead(STEPS / 2);
  });
});
