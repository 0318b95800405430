import {
  decodeFeedPosition,
  EVENT_SOURCES,
  type EventTime,
  fromMicroseconds,
  type UserId,
} from '@activity-feed/contracts';
import { type Reply, readAtOnce } from '@activity-feed/link';
import type { Effects } from '../activity/effects';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { ConcernedUsers } from './concerned';
import { FriendsMessages } from './friends-messages';
import { LiveStreams } from './live-streams';
import { notifiedChange } from './notified-changes';
import { StreamServer } from './stream-server';

const START = Date.parse('2026-11-30T12:00:00Z') * 1_000;
const [FAN, AUTHOR, OTHER] = [1, 2, 3] as const;
const PARTITIONS = 2;

interface Event {
  id: string | undefined;
  event: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: any event's data
  data: any;
}

/** The other side of a subscription. */
class FakeClient {
  text = '';
  ended: Reply | undefined;

  send(payload: Parameters<typeof readAtOnce>[0]): boolean {
    if (this.ended) return false;
    this.text += Buffer.from(readAtOnce(payload)).toString();
    return true;
  }

  end(reply: unknown): void {
    this.ended ??= reply as Reply;
  }

  get blocks(): Event[] {
    const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .map((block) => ({
        id: field(block, 'id'),
        event: field(block, 'event'),
        data: JSON.parse(field(block, 'data') ?? 'null'),
      }));
  }

  get events(): Event[] {
    return this.blocks.filter(({ event }) => event !== undefined);
  }

  get lastId(): string {
    return this.blocks.findLast(({ id }) => id !== undefined)?.id as string;
  }

  get objects(): number[] {
    return this.events.flatMap(({ event, data }) => (event === 'entry' ? data.object_id : []));
  }
}

/** A reader whose log a test writes. The fan follows the author. */
class Reader {
  readonly index = new TimelineIndex({ budget: 65_536, followeeBudget: 1_000 });
  readonly concerned = new ConcernedUsers(this.index);
  readonly streams = new LiveStreams(this.index, this.concerned, fail);
  private readonly versions = new Map<string, number>();
  private readonly offsets = new Array<number>(PARTITIONS).fill(0);
  private time = START;
  private readonly server: StreamServer;

  constructor() {
    const { index, streams, concerned } = this;
    for (const id of [FAN, AUTHOR, OTHER]) index.addUser(id, `user${id}`);
    for (const source of EVENT_SOURCES) {
      for (let partition = 0; partition < PARTITIONS; partition++) index.log.noteReached(source, partition, 0);
    }
    index.follows.set(index.users.number(FAN), Uint32Array.of(index.users.number(AUTHOR)), 0);
    this.server = new StreamServer({
      ...{ index, streams, concerned },
      followees: { load: async () => ({ current: true, followees: new Uint32Array() }) } as never,
      versions: { reach: async () => true },
      messages: new FriendsMessages(index, concerned),
      notifications: {
        current: async () => ({ notifications: [], removed: [], counts: { unseen: 0, unread: 0 } }),
        changeOf: (event, user) => notifiedChange(index, concerned, event, user),
      },
      isReady: () => true,
      onError: fail,
    });
  }

  /** Opens the fan's friends feed. */
  async open(since?: string): Promise<FakeClient & { close(): void }> {
    const client = new FakeClient();
    const close = this.server.subscribe(128, Buffer.from(JSON.stringify({ reader: FAN, since })), client);
    while (client.text === '' && !client.ended) await new Promise(setImmediate);
    return Object.assign(client, { close });
  }

  apply(actor: number, effects: Partial<Effects>, source: Effects['source'] = 'activity'): EventTime {
    const stream = actor as UserId;
    const name = `${source}.${actor}`;
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    const partition = actor % PARTITIONS;
    const offset = this.offsets[partition] as number;
    this.offsets[partition] = offset + 1;
    const time = fromMicroseconds(BigInt(++this.time));
    this.index.apply({ source, stream, version, time, partition, offset, users: [], ...effects });
    this.index.log.noteReached(source as 'activity', partition, offset + 1);
    this.streams.dispatch();
    return time;
  }

  post(actor: number, objectId: number): void {
    const time = fromMicroseconds(BigInt(this.time + 1));
    const eventId = `01968a1e-7c00-7000-8000-${String(this.time % 1e12).padStart(12, '0')}`;
    const partition = actor % PARTITIONS;
    const place = { logPartition: partition, logOffset: this.offsets[partition] as number };
    const about = { verb: 'post', objectType: 'post', objectId, targetId: null } as const;
    this.apply(actor, { activity: { time, eventId: eventId as never, actorId: actor as UserId, ...about, ...place } });
  }

  delete(actor: number, objectId: number, deleted = true): void {
    const version = (this.versions.get(`activity.${actor}`) ?? 0) + 1;
    this.apply(actor, { objectState: { objectType: 'post', objectId, deleted, version } });
  }
}

function fail(error: unknown): never {
  throw error;
}

async function settled({ streams }: Reader): Promise<void> {
  while (streams.isWaiting) await new Promise(setImmediate);
}

describe('live streams', () => {
  it('get what their followees do, each with the position behind it', async () => {
    const reader = new Reader();
    const client = await reader.open();
    reader.post(AUTHOR, 1);
    reader.post(OTHER, 2);
    reader.post(AUTHOR, 3);
    expect(client.events.map(({ event }) => event)).toEqual(['position', 'entry', 'entry']);
    const offsets = client.events.map(({ id }) => decodeFeedPosition(id ?? '')?.log.activity);
    expect(offsets).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
    client.close();
    reader.post(AUTHOR, 4);
    expect(client.objects).toEqual([1, 3]);
  });

  it('get what they have missed, whatever comes first', async () => {
    const reader = new Reader();
    const first = await reader.open();
    reader.post(AUTHOR, 1);
    first.close();
    for (const object of [2, 3]) reader.post(AUTHOR, object);
    const second = await reader.open(first.lastId);
    reader.post(AUTHOR, 4);
    expect(second.objects).toEqual([2, 3, 4]);
    expect((await reader.open(second.lastId)).objects).toEqual([]);
  });

  it('get what comes behind a deletion after it, although it takes some time to find whom that concerns', async () => {
    const reader = new Reader();
    const client = await reader.open();
    for (const object of [1, 2]) reader.post(AUTHOR, object);
    reader.delete(AUTHOR, 1);
    reader.post(AUTHOR, 3);
    expect(client.objects).toEqual([1, 2]);
    const before = client.lastId;
    const late = reader.open(before);
    await settled(reader);
    expect(client.events.slice(3).map(({ event, data }) => [event, data.object ?? data.object_id])).toEqual([
      ['removed', 'post:1'],
      ['entry', 3],
    ]);
    expect((await late).events.map(({ event }) => event)).toEqual(['removed', 'entry']);
    reader.delete(AUTHOR, 1, false);
    await settled(reader);
    expect(client.events.at(-1)?.event).toBe('stale');
  });

  it('wait until a reader has what another one has sent', async () => {
    const [ahead, behind] = [new Reader(), new Reader()];
    const first = await ahead.open();
    for (const object of [1, 2]) ahead.post(AUTHOR, object);
    behind.post(AUTHOR, 1);
    const opening = behind.open(first.lastId);
    behind.post(OTHER, 9);
    behind.post(AUTHOR, 2);
    const second = await opening;
    behind.post(AUTHOR, 3);
    expect(second.objects).toEqual([3]);
  });

  it('are refused while a reader does not get there', async () => {
    const [ahead, behind] = [new Reader(), new Reader()];
    const first = await ahead.open();
    ahead.post(AUTHOR, 1);
    const second = await behind.open(first.lastId);
    expect(Buffer.from(second.ended?.payload ?? []).toString()).toBe('SERVICE_UNAVAILABLE');
  });

  it('open while events wait behind a search, and get these as well', async () => {
    const reader = new Reader();
    const first = await reader.open();
    for (const object of [1, 2]) reader.post(AUTHOR, object);
    reader.delete(AUTHOR, 1);
    reader.post(AUTHOR, 3);
    const fresh = await reader.open();
    await settled(reader);
    const titles = ({ events }: FakeClient) => events.map(({ event, data }) => [event, data.object ?? data.object_id]);
    expect(titles(fresh).slice(1)).toEqual(titles(first).slice(3));
    first.close();
    fresh.close();
    reader.delete(AUTHOR, 2);
    reader.post(AUTHOR, 4);
    expect((await reader.open(fresh.lastId)).events.map(({ event }) => event)).toEqual(['removed', 'entry']);
  });

  it('that have missed much get it in parts', async () => {
    const reader = new Reader();
    const start = (await reader.open()).lastId;
    const objects = Array.from({ length: 1_000 }, (_, index) => index + 1);
    for (const object of objects) reader.post(AUTHOR, object);
    const got: number[] = [];
    let parts = 0;
    for (let since = start; ; parts++) {
      const part = await reader.open(since);
      expect(part.text.length).toBeLessThan(40_000);
      got.push(...part.objects);
      since = part.lastId;
      if (!part.ended) break;
    }
    expect(got).toEqual(objects);
    expect(parts).toBeGreaterThan(3);
  });

  it('are stale for what memory does not have any more, and after a follow', async () => {
    const reader = new Reader();
    const client = await reader.open();
    const gone = await reader.open('1.AQIAAAIAAAIAAA');
    expect(gone.events.map(({ event }) => event)).toEqual(['stale']);
    const follow = { followerId: FAN as UserId, followeeId: OTHER as UserId, following: true, version: 1 };
    reader.apply(FAN, { follow }, 'social-graph');
    expect(client.events.at(-1)?.event).toBe('stale');
    reader.post(OTHER, 5);
    expect(client.objects).toEqual([5]);
    reader.apply(FAN, { follow: { ...follow, following: false, version: 2 } }, 'social-graph');
    reader.post(OTHER, 6);
    expect(client.objects).toEqual([5]);
  });

  it('are stale when a mute ends by itself', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'], now: START / 1_000 });
    try {
      const reader = new Reader();
      const client = await reader.open();
      const mute = { userId: FAN as UserId, otherId: AUTHOR as UserId, kind: 'mute', holds: true } as const;
      const until = fromMicroseconds(BigInt(START + 60_000_000));
      reader.apply(FAN, { hiding: { ...mute, until } }, 'social-graph');
      expect(client.events.map(({ event }) => event)).toEqual(['position', 'stale']);
      reader.post(AUTHOR, 5);
      // Opened while the mute holds.
      const other = await reader.open();
      await jest.advanceTimersByTimeAsync(59_999);
      expect([client.events.length, other.events.length]).toEqual([2, 1]);
      await jest.advanceTimersByTimeAsync(1);
      for (const one of [client, other]) expect(one.events.at(-1)?.event).toBe('stale');
      expect(client.lastId).toBe(other.lastId);
      reader.post(AUTHOR, 6);
      expect([client.objects, other.objects]).toEqual([[6], [6]]);
      const resumed = await reader.open(client.lastId);
      expect(resumed.events.map(({ event }) => event)).toEqual(['stale']);
      for (const one of [client, other, resumed]) one.close();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('end when their user is suspended', async () => {
    const reader = new Reader();
    const client = await reader.open();
    reader.apply(FAN, { account: { userId: FAN as UserId, suspended: true } }, 'social-graph');
    await settled(reader);
    expect(Buffer.from(client.ended?.payload ?? []).toString()).toBe('USER_SUSPENDED');
    expect(Buffer.from((await reader.open()).ended?.payload ?? []).toString()).toBe('USER_SUSPENDED');
  });
});
