import type { EventId, EventTime, FeedEntry, ObjectType, UserId } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import { ActivityModel } from '../aggregates/activity-model';
import type { ApiClient } from '../harness/api-client';
import type { UntimedEntry } from './social-model';
import type { WrittenWorld } from './written-world';

const HOUR = 3_600_000;
const KINDS = ['my', 'friends'] as const;

const untimed = ({ time: _, ...entry }: FeedEntry): UntimedEntry => entry;
const sorted = (entries: FeedEntry[]) => entries.map((entry) => JSON.stringify(entry)).sort();

export interface FeedQuestions {
  /** Whose feeds are read; everybody's own feed is read in any case. */
  readers: readonly string[];
  /** The length of pages. */
  limit: number;
}

/** Compares feeds, groups, summaries and trends with the model. Every read includes the newest writes. */
export class FeedReads {
  /** As first read. An entry that reappears has its old time. */
  private readonly times = new Map<UntimedEntry, EventTime>();

  constructor(private readonly world: WrittenWorld) {}

  async expectAsModel({ readers, limit }: FeedQuestions): Promise<void> {
    const own = new Map<string, FeedEntry[]>();
    for (const name of this.world.names) own.set(name, await this.ownFeed(name, limit));
    for (const name of readers) await this.expectFriendsFeed(name, own, limit);
    for (const name of readers) await this.expectFeedOf(this.otherThan(name), name, own, limit);
    await withinHour(async (now) => {
      const activities = this.activitiesOf(own);
      for (const name of readers) await this.expectAggregates(name, activities, now, limit);
    });
  }

  private async ownFeed(name: string, limit: number): Promise<FeedEntry[]> {
    const entries = await this.whole<FeedEntry>(name, '/feed/my', 'my_feed', limit);
    const expected = this.world.model.myFeed(name);
    expect(entries.map(untimed)).toEqual(expected);
    for (const [place, entry] of expected.entries()) {
      const { time } = entries[place] as FeedEntry;
      expect(time).toBe(this.times.get(entry) ?? time);
      this.times.set(entry, time);
    }
    return entries;
  }

  private async expectFriendsFeed(name: string, own: ReadonlyMap<string, FeedEntry[]>, limit: number): Promise<void> {
    const merged = this.world.model.followees(name).flatMap((followee) => own.get(followee) as FeedEntry[]);
    const entries = await this.whole<FeedEntry>(name, '/feed/friends', 'friends_feed', limit);
    const times = merged.map(({ time }) => time).sort();
    expect(entries.map(({ time }) => time)).toEqual(times.reverse());
    // Entries with equal times are ordered by event id, which the API does not return.
    expect(sorted(entries)).toEqual(sorted(merged));
  }

  /** What `name` did, as `reader` sees it. */
  private async expectFeedOf(
    name: string,
    reader: string,
    own: ReadonlyMap<string, FeedEntry[]>,
    limit: number,
  ): Promise<void> {
    expect(await this.whole(reader, `/users/${name}/feed`, 'user_feed', limit)).toEqual(own.get(name));
  }

  private otherThan(name: string): string {
    const { names } = this.world;
    return names[(names.indexOf(name) + 1) % names.length] as string;
  }

  private async expectAggregates(name: string, activities: ActivityModel, now: number, limit: number): Promise<void> {
    const reader = this.idOf(name);
    for (const feed of KINDS) {
      const groups = await this.whole(name, `/feed/${feed}`, `${feed}_feed`, limit, 'group=day&');
      expect(groups).toEqual(activities.groups(feed, reader));
      const summary = await this.read(name, `/feed/${feed}/summary?days=2`);
      expect(summary[`${feed}_summary`]).toEqual(activities.summary(feed, reader, 2, now));
    }
    const other = this.otherThan(name);
    const groups = await this.whole(name, `/users/${other}/feed`, 'user_feed', limit, 'group=day&');
    expect(groups).toEqual(activities.groups('my', this.idOf(other)));
    for (const among of ['all', 'friends'] as const) {
      for (const type of [undefined, 'comment'] as const) {
        const question = { reader, window: '24h', among, limit: 100, ...(type && { type }) } as const;
        const path = `/trending?window=24h&among=${among}&limit=100${type ? `&type=${type}` : ''}`;
        expect((await this.read(name, path)).trending).toEqual(activities.trending(question, now));
      }
    }
  }

  /** The reference for aggregates, with the times that the API has shown. */
  private activitiesOf(own: ReadonlyMap<string, FeedEntry[]>): ActivityModel {
    const { names, model } = this.world;
    const activities = new ActivityModel();
    const users = names.map((name) => ({ id: this.idOf(name), name }));
    for (const [name, entries] of own) {
      const stream = this.idOf(name);
      const common = { source: 'activity' as const, stream, version: 0, users };
      for (const entry of entries) activities.add({ ...common, activity: this.activityOf(entry) });
      for (const followee of model.followees(name)) {
        const follow = { followerId: stream, followeeId: this.idOf(followee), following: true, version: 0 };
        activities.add({ ...common, follow });
      }
    }
    return activities;
  }

  private activityOf({ actor_name, verb, object_type, object_id, target_name, time }: FeedEntry): Activity {
    return {
      time,
      eventId: '' as EventId,
      actorId: this.idOf(actor_name),
      verb,
      objectType: object_type as ObjectType | null,
      objectId: object_id,
      targetId: target_name === null ? null : this.idOf(target_name),
    };
  }

  private idOf(name: string): UserId {
    return (this.world.names.indexOf(name) + 1) as UserId;
  }

  private async whole<Entry>(name: string, feed: string, field: string, limit: number, query = ''): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let path = `${feed}?${query}limit=${limit}`; path !== ''; ) {
      const body = await this.read(name, path);
      entries.push(...body[field]);
      path = body.next_url;
    }
    return entries;
  }

  // biome-ignore lint/suspicious/noExplicitAny: any response body
  private async read(name: string, path: string): Promise<any> {
    const client = this.world.clients.get(name) as ApiClient;
    const { status, body } = await client.freshGet(path, this.world.newest);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body;
  }
}

/** Repeats a failed check if the hour has changed meanwhile. */
async function withinHour(check: (now: number) => Promise<void>): Promise<void> {
  const now = Date.now();
  await check(now).catch(async (error) => {
    if (Math.floor(Date.now() / HOUR) === Math.floor(now / HOUR)) throw error;
    await check(Date.now());
  });
}
