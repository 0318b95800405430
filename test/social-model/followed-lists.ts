import { isDeepStrictEqual } from 'node:util';
import type { EventTime, FeedEntry, NotificationGroup, UnmarkedGroups } from '@activity-feed/contracts';
import { EventStream, type ReceivedEvent } from '../harness/event-stream';
import { eventually } from '../harness/eventually';
import type { System } from '../harness/system';
import type { Random } from '../world/random';
import { toModel, withoutPlace } from './expect-notifications';
import type { WrittenWorld } from './written-world';

const keyOf = ({ actor_name, verb, time }: Pick<FeedEntry, 'actor_name' | 'verb' | 'time'>) =>
  `${actor_name} ${verb} ${time}`;
const sorted = <Item>(items: Iterable<Item>): Item[] =>
  [...items].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** A client that loads a list once and then follows its stream, at one gateway after another. */
abstract class FollowedList {
  private stream: EventStream | undefined;
  /** The events of the stream that are taken. */
  private taken = 0;
  private gateway = 0;

  constructor(
    protected readonly world: WrittenWorld,
    protected readonly system: System,
    readonly name: string,
  ) {}

  protected abstract readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: any page
  protected abstract load(body: any): void;
  protected abstract take(event: ReceivedEvent): void;
  /** What the client shows, and what it is to show. */
  protected abstract shown(): unknown;
  protected abstract expected(times: ReadonlyMap<string, EventTime>): unknown;

  /** Cuts the connection, and resumes at the other gateway where it ended. */
  async cut(): Promise<void> {
    const since = this.stream?.lastId;
    this.close();
    if (since === undefined) return;
    if (this.takeAll()) this.stream = undefined;
    else await this.follow(since);
  }

  close(): void {
    this.stream?.close();
  }

  async expectAsModel(times: ReadonlyMap<string, EventTime>): Promise<void> {
    const expected = this.expected(times);
    await eventually(`${this.name} sees the list of the model`, async () => {
      await this.catchUp();
      return isDeepStrictEqual(this.shown(), expected);
    }).catch(() => undefined);
    expect({ name: this.name, shown: this.shown() }).toEqual({ name: this.name, shown: expected });
  }

  private async catchUp(): Promise<void> {
    if (!this.stream) return this.reload();
    const isStale = this.takeAll();
    if (isStale) return this.reload();
    // As a browser does.
    if (this.stream.isOver) await this.follow(this.stream.lastId as string);
  }

  /** Returns whether the list must be loaded anew. */
  private takeAll(): boolean {
    const { events } = this.stream as EventStream;
    for (let event = events[this.taken]; event; event = events[++this.taken]) {
      if (event.event === 'stale') return true;
      this.take(event);
    }
    return false;
  }

  private async reload(): Promise<void> {
    this.close();
    const client = this.world.client(this.name).at(this.system.address(this.gateway));
    const { body, status } = await client.get(`${this.path}?limit=200`);
    if (status !== 200) return;
    this.load(body);
    await this.follow(body.newer_url.split('since=')[1]);
  }

  private async follow(since: string): Promise<void> {
    this.gateway = (this.gateway + 1) % this.system.gateways.length;
    const { key } = this.world.client(this.name);
    const stream = await EventStream.open(`${this.system.address(this.gateway)}${this.path}/stream`, {
      'x-app-key': key,
      'last-event-id': since,
    });
    stream.lastId ??= since;
    stream.isOver ||= stream.status !== 200;
    [this.stream, this.taken] = [stream, 0];
  }
}

class FollowedFeed extends FollowedList {
  protected readonly path = '/feed/friends';
  private readonly entries = new Map<string, FeedEntry>();
  /** The times of what has arrived since the feed was loaded. */
  private readonly last = new Map<string, string>();
  /** What has come twice, or out of order. */
  private readonly unexpected: FeedEntry[] = [];

  protected override load({ friends_feed }: { friends_feed: FeedEntry[] }): void {
    this.entries.clear();
    this.last.clear();
    for (const entry of friends_feed) this.entries.set(keyOf(entry), entry);
  }

  protected override take({ event, data }: ReceivedEvent): void {
    if (event === 'entry') {
      // Each once, and those of an actor in order.
      const isExpected = (this.last.get(data.actor_name) ?? '') < data.time && !this.entries.has(keyOf(data));
      if (!isExpected) this.unexpected.push(data);
      this.last.set(data.actor_name, data.time);
      this.entries.set(keyOf(data), data);
    } else if (event === 'removed' && data.object) {
      for (const [key, entry] of this.entries) if (isAbout(entry, data.object)) this.entries.delete(key);
    } else if (event === 'removed') this.entries.delete(keyOf(data));
  }

  protected override shown(): unknown {
    return { entries: sorted(this.entries.values()), unexpected: this.unexpected };
  }

  protected override expected(times: ReadonlyMap<string, EventTime>): unknown {
    const { model } = this.world;
    const done = model.newer(model.followees(this.name), this.name, 'unasked', 0);
    const entries = sorted(done.map(({ entry, token }) => ({ ...entry, time: times.get(token) as EventTime })));
    return { entries, unexpected: [] };
  }
}

const isAbout = ({ object_type, object_id, comment_id }: FeedEntry, object: string) =>
  `${object_type}:${object_id}` === object || `comment:${comment_id}` === object;

class FollowedNotifications extends FollowedList {
  protected readonly path = '/notifications';
  private readonly groups = new Map<string, NotificationGroup>();
  private counts: UnmarkedGroups | undefined;

  protected override load(page: UnmarkedGroups & { notifications: NotificationGroup[] }): void {
    const { notifications, unseen, unread } = page;
    this.groups.clear();
    for (const one of notifications) this.groups.set(one.group, one);
    this.counts = { unseen, unread };
  }

  protected override take({ event, data }: ReceivedEvent): void {
    if (event === 'notification') this.groups.set(data.group, data);
    if (event === 'removed') this.groups.delete(data.group);
    if (event === 'count') this.counts = data;
  }

  /** What is seen and read of those that have not changed, the counts tell. */
  protected override shown(): unknown {
    return { counts: this.counts, groups: sorted([...this.groups.values()].map(toModel).map(withoutMarks)) };
  }

  protected override expected(): unknown {
    const { notifications } = this.world.model;
    const { unseen, unread } = notifications.count(this.name);
    const groups = sorted(notifications.list(this.name).map(withoutPlace).map(withoutMarks));
    return { counts: { unseen: unseen.count, unread: unread.count }, groups };
  }
}

const withoutMarks = <Group extends { seen: boolean; read: boolean }>({ seen: _, read: __, ...group }: Group) => group;

/** Clients that follow the lists of all users live, and lose their connections now and then. What they show is compared with the model. */
export class FollowedLists {
  private readonly lists: FollowedList[];

  constructor(
    private readonly world: WrittenWorld,
    system: System,
    private readonly random: Random,
  ) {
    this.lists = world.names.flatMap((name) => [
      new FollowedFeed(world, system, name),
      new FollowedNotifications(world, system, name),
    ]);
  }

  async expectAsModel(): Promise<void> {
    const times = await this.world.times();
    this.world.model.times = times;
    for (const list of this.lists) await list.expectAsModel(times);
  }

  async cutSome(): Promise<void> {
    for (const list of this.lists) if (this.random.below(4) === 0) await list.cut();
  }

  close(): void {
    for (const list of this.lists) list.close();
  }
}
