import { setTimeout as pause } from 'node:timers/promises';
import type { FeedEntry } from '@activity-feed/contracts';
import type { ApiClient } from '../harness/api-client';
import { EventStream } from '../harness/event-stream';
import { eventually } from '../harness/eventually';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';
import { seededRandom } from '../world/random';

const AUTHORS = ['stream_a', 'stream_b', 'stream_c'];
const CUTS = 20;
/** Milliseconds between the posts of an author, and the longest between two cuts. */
const POSTS_EVERY = 20;
const CUTS_EVERY = 150;

jest.setTimeout(300_000);

/** Follows the friends feed as a browser does: when the connection ends, it resumes at the other gateway. */
class Follower {
  readonly entries: FeedEntry[] = [];
  stale = 0;
  private stream: EventStream | undefined;
  private lastId: string;
  private taken = 0;
  private gateway = 0;
  private isDone = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly system: System,
    private readonly client: ApiClient,
    since: string,
  ) {
    this.lastId = since;
    this.running = this.run();
  }

  cut(): void {
    this.stream?.close();
  }

  async end(): Promise<void> {
    this.isDone = true;
    this.cut();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isDone) {
      this.gateway = 1 - this.gateway;
      const headers = { 'x-app-key': this.client.key, 'last-event-id': this.lastId };
      const url = `${this.system.address(this.gateway)}/feed/friends/stream`;
      this.stream = await EventStream.open(url, headers).catch(() => undefined);
      this.taken = 0;
      while (this.stream?.status === 200 && !this.stream.isOver) {
        await pause(5);
        this.take(this.stream);
      }
      if (this.stream) this.take(this.stream);
      await pause(5);
    }
  }

  private take(stream: EventStream): void {
    for (let event = stream.events[this.taken]; event; event = stream.events[++this.taken]) {
      if (event.event === 'entry') this.entries.push(event.data);
      if (event.event === 'stale') this.stale++;
    }
    this.lastId = stream.lastId ?? this.lastId;
  }
}

const keyOf = ({ actor_name, verb, time }: FeedEntry) => `${actor_name} ${verb} ${time}`;

describe('a stream that is resumed whenever it ends', () => {
  let system: System;
  let fan: ApiClient;
  let authors: ApiClient[];
  const random = seededRandom(20261130);

  beforeAll(async () => {
    system = await System.start({ feeds: ['projector', 'reader', 'reader'], gateways: 2 });
    fan = await system.as('stream_fan');
    authors = await Promise.all(AUTHORS.map((name) => system.as(name)));
    for (const name of AUTHORS) await fan.follow(name);
  });
  afterAll(() => system?.stop());

  /** Posts until `work` has ended. Writes to a gateway that is stopped are lost, and may be recorded nevertheless. */
  async function whilePosting(work: () => Promise<void>): Promise<void> {
    let isDone = false;
    const posting = authors.map(async (author, index) => {
      for (let count = 0; !isDone; count++) {
        const gateway = (index + count) % 2;
        await author
          .at(system.address(gateway))
          .send('/post', { type: 'post', content: `${count}` })
          .catch(() => undefined);
        await pause(POSTS_EVERY);
      }
    });
    try {
      await work();
    } finally {
      isDone = true;
      await Promise.all(posting);
    }
  }

  /** What the feed has gained since a position. */
  async function gained(since: string): Promise<FeedEntry[]> {
    const entries: FeedEntry[] = [];
    const last = await Promise.all(authors.map((author) => author.post('post', 'the last')));
    const reader = fan.after(...last);
    for (let url = `/feed/friends?limit=200&since=${since}`; ; ) {
      const { body } = await reader.freshGet(url);
      if (body.friends_feed.length === 0) return entries;
      entries.push(...body.friends_feed);
      url = body.newer_url;
    }
  }

  async function expectEachOnce(work: (follower: Follower) => Promise<void>): Promise<void> {
    const { body } = await fan.freshGet('/feed/friends?limit=1');
    const since = body.newer_url.split('since=')[1] as string;
    const follower = new Follower(system, fan, since);
    try {
      await whilePosting(() => work(follower));
      const expected = await gained(since);
      await eventually('everything has arrived', () => follower.entries.length >= expected.length);
      expect(follower.stale).toBe(0);
      const keys = follower.entries.map(keyOf);
      expect(keys.toSorted()).toEqual(expected.map(keyOf).toSorted());
      for (const name of AUTHORS) {
        const times = follower.entries.flatMap(({ actor_name, time }) => (actor_name === name ? time : []));
        expect(times).toEqual(times.toSorted());
        expect(times.length).toBeGreaterThan(0);
      }
      // Paging the feed gives the same.
      const page = (await fan.freshGet('/feed/friends?limit=200')).body.friends_feed as FeedEntry[];
      const times = page.map(({ time }) => time);
      expect(times).toEqual(times.toSorted().reverse());
      // Events of the same time have an order that streams do not show.
      const oldest = times[Math.min(page.length, follower.entries.length) - 1] as string;
      const newer = (entries: FeedEntry[]) => entries.filter(({ time }) => time > oldest).map(keyOf);
      expect(newer(page).toSorted()).toEqual(newer(follower.entries).toSorted());
    } finally {
      await follower.end();
    }
  }

  const goesOn = (follower: Follower) => {
    const before = follower.entries.length;
    return eventually('the stream continues', () => follower.entries.length > before);
  };

  const restart = async (service: ServiceProcess, signal: 'SIGTERM' | 'SIGKILL') => {
    await service.end(signal);
    await pause(random.below(CUTS_EVERY));
    await service.start();
  };

  it('has each entry once, in order, wherever it is cut', () =>
    expectEachOnce(async (follower) => {
      for (let cut = 0; cut < CUTS; cut++) {
        await goesOn(follower);
        await pause(random.below(CUTS_EVERY));
        follower.cut();
      }
    }));

  it('has each entry once over the end of a reader by SIGKILL', () =>
    expectEachOnce(async () => {
      for (const reader of system.feeds.slice(1)) await restart(reader, 'SIGKILL');
    }));

  it('has each entry once over a rolling restart of the readers, and of the gateways', () =>
    expectEachOnce(async (follower) => {
      for (const service of [...system.feeds.slice(1), ...system.gateways]) {
        await restart(service, 'SIGTERM');
        await goesOn(follower);
      }
    }));
});
