import type { EventTime, FeedEntry, NotificationGroup } from '@activity-feed/contracts';
import type { ApiAnswer } from '../harness/api-client';
import type { Random } from '../world/random';
import { toModel, withoutPlace } from './expect-notifications';
import type { WrittenWorld } from './written-world';

const LISTS = ['/feed/friends', '/feed/my', '/notifications'] as const;
type List = (typeof LISTS)[number];

interface Kept {
  readonly name: string;
  readonly list: List;
  readonly url: string;
  /** What the model had when the page was read. */
  readonly done: number;
  readonly notified: number;
}

/** Positions that are kept. */
const MOST = 12;

/**
 * Keeps the positions of pages, and compares what is read from them later with the model: what has arrived since and is shown
 * now, each once.
 */
export class NewerReads {
  private readonly kept: Kept[] = [];

  constructor(
    private readonly world: WrittenWorld,
    private readonly random: Random,
  ) {}

  /** Keeps the position of a page of a random list. */
  async keep(names: readonly string[]): Promise<void> {
    const name = names[this.random.below(names.length)] as string;
    const list = LISTS[this.random.below(LISTS.length)] as List;
    const { body } = await this.read(name, `${list}?limit=2`);
    const { model } = this.world;
    const one = { name, list, url: body.newer_url, done: model.count, notified: model.notifications.newest };
    if (this.kept.length < MOST) this.kept.push(one);
    else this.kept[this.random.below(MOST)] = one;
  }

  async expectAsModel(): Promise<void> {
    const times = await this.world.times();
    for (const one of this.kept) {
      if (one.list === '/notifications') await this.expectNotifications(one);
      else await this.expectEntries(one, times);
    }
  }

  /** After the log was read again from its start. */
  async expectAllGone(): Promise<void> {
    for (const { name, url } of this.kept) {
      const { status, body } = await this.world.reader(name).servedGet(url);
      expect([status, body.code]).toEqual([410, 'POSITION_GONE']);
    }
    this.kept.length = 0;
  }

  private async expectEntries({ name, list, url, done }: Kept, times: ReadonlyMap<string, EventTime>): Promise<void> {
    const { model } = this.world;
    const isOwn = list === '/feed/my';
    const expected = model.newer(isOwn ? [name] : model.followees(name), name, isOwn ? 'asked' : 'unasked', done);
    const entries = (await this.follow<FeedEntry>(name, url, isOwn ? 'my_feed' : 'friends_feed')).flat();
    const wanted = expected.map(({ entry, token }) => ({ ...entry, time: times.get(token) as EventTime }));
    expect({ name, list, entries: sorted(entries) }).toEqual({ name, list, entries: sorted(wanted) });
  }

  /** A notification that grows between two pages is on both: the last one shows it as it is. */
  private async expectNotifications({ name, url, notified }: Kept): Promise<void> {
    const { model } = this.world;
    const pages = await this.follow<NotificationGroup>(name, url, 'notifications');
    const last = new Map(pages.flat().map((one) => [one.group, one]));
    expect({ name, groups: sorted([...last.values()].map(toModel)) }).toEqual({
      name,
      groups: sorted(model.notifications.newer(name, notified).map(withoutPlace)),
    });
  }

  /** The pages from a position on, each newest first, until one is empty. */
  private async follow<Item extends { time: string }>(name: string, first: string, field: string): Promise<Item[][]> {
    const pages: Item[][] = [];
    for (let url = first.replace('limit=2&', `limit=${1 + this.random.below(3)}&`); ; ) {
      const { body } = await this.read(name, url);
      const items = body[field] as Item[];
      expect(items.map(({ time }) => time)).toEqual(
        items
          .map(({ time }) => time)
          .toSorted()
          .reverse(),
      );
      if (items.length === 0) return pages;
      pages.push(items);
      url = body.newer_url;
    }
  }

  private async read(name: string, path: string): Promise<ApiAnswer> {
    const answer = await this.world.reader(name).freshGet(path, this.world.allPublic);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer;
  }
}

const sorted = <Item>(items: readonly Item[]): Item[] =>
  items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
