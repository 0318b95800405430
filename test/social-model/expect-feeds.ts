import { isDeepStrictEqual } from 'node:util';
import type { EventId, EventTime, FeedEntry, UserId } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { HidingKind } from '../../services/feed/src/activity/effects';
import { ActivityModel } from '../aggregates/activity-model';
import type { ApiAnswer } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import type { Attention, Done } from './social-model';
import type { WrittenWorld } from './written-world';

const HOUR = 3_600_000;
const KINDS = ['my', 'friends'] as const;

/** Entries with equal times are ordered by event id, which the API does not return. */
const sorted = (entries: readonly FeedEntry[]) => entries.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
const keyOf = ({ time, actor_name, verb, object_type, object_id, comment_id }: FeedEntry) =>
  [time, actor_name, verb, object_type, object_id, comment_id].join();

export interface FeedQuestions {
  /** Whose feeds are read; everybody's own feed is read in any case. */
  readers: readonly string[];
  /** The length of pages. */
  limit: number;
}

/** Compares feeds, groups, summaries and trends with the model. Every read includes the newest writes. */
export class FeedReads {
  constructor(private readonly world: WrittenWorld) {}

  async expectAsModel({ readers, limit }: FeedQuestions): Promise<void> {
    const times = await this.world.times();
    const { model, names } = this.world;
    const seen = (actor: string, viewer: string, attention: Attention): FeedEntry[] =>
      model.feedOf(actor, viewer, attention).map((done) => timed(done, times));
    for (const name of names) {
      expect(await this.whole(name, '/feed/my', 'my_feed', limit)).toEqual(seen(name, name, 'asked'));
    }
    for (const name of readers) {
      const entries = await this.whole<FeedEntry>(name, '/feed/friends', 'friends_feed', limit);
      expect(entries.map(({ time }) => time)).toEqual(
        entries
          .map(({ time }) => time)
          .toSorted()
          .reverse(),
      );
      const merged = model.followees(name).flatMap((followee) => seen(followee, name, 'unasked'));
      expect(sorted(entries)).toEqual(sorted(merged));
      const other = this.otherThan(name);
      if (model.hidden.areApart(name, other)) await this.expectNoFeedOf(other, name);
      else
        expect(await this.whole(name, `/users/${other}/feed`, 'user_feed', limit)).toEqual(seen(other, name, 'asked'));
    }
    await withinHour(async (now) => {
      const activities = this.activityModel(times);
      for (const name of readers) await this.expectAggregates(name, activities, now, limit);
    });
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
    if (!this.world.model.hidden.areApart(name, other)) {
      const groups = await this.whole(name, `/users/${other}/feed`, 'user_feed', limit, 'group=day&');
      expect(groups).toEqual(activities.groups('user', reader, this.idOf(other)));
    }
    for (const among of ['all', 'friends'] as const) {
      for (const type of [undefined, 'comment'] as const) {
        const question = { reader, window: '24h', among, limit: 100, ...(type && { type }) } as const;
        const path = `/trending?window=24h&among=${among}&limit=100${type ? `&type=${type}` : ''}`;
        const [current, before] = [now, now - HOUR].map((time) => activities.trending(question, time));
        const trending = await eventually('trends are as of this hour', async () => {
          const found = (await this.read(name, path)).trending;
          // For some seconds of a new hour: the database has not caught up with the one before.
          return (isDeepStrictEqual(found, current) || !isDeepStrictEqual(found, before)) && found;
        });
        expect(trending).toEqual(current);
      }
    }
  }

  private async expectNoFeedOf(name: string, reader: string): Promise<void> {
    for (const query of ['', '?group=day']) {
      const { status, body } = await this.get(reader, `/users/${name}/feed${query}`);
      expect([status, body.code]).toEqual([404, 'USER_NOT_FOUND']);
    }
  }

  /** The reference for aggregates. */
  private activityModel(times: ReadonlyMap<string, EventTime>): ActivityModel {
    const { names, model } = this.world;
    const activities = new ActivityModel();
    const users = names.map((name) => ({ id: this.idOf(name), name }));
    for (const name of names) {
      const stream = this.idOf(name);
      const common = { source: 'activity' as const, stream, version: 0, users };
      for (const done of model.livingOf(name)) activities.add({ ...common, activity: this.activityOf(done, times) });
      for (const followee of model.followees(name)) {
        const follow = { followerId: stream, followeeId: this.idOf(followee), following: true, version: 0 };
        activities.add({ ...common, follow });
      }
      const hides = (other: string, kind: HidingKind) => ({
        ...common,
        hiding: { userId: stream, otherId: this.idOf(other), kind, holds: true, until: null },
      });
      activities.add({ ...common, account: { userId: stream, private: model.accounts.isPrivate(name) } });
      for (const other of model.hidden.blockedBy(name)) activities.add(hides(other, 'block'));
      for (const { name: other, only } of model.hidden.mutedBy(name)) {
        activities.add(hides(other, only === null ? 'mute' : 'mute-shares'));
      }
    }
    return activities;
  }

  private activityOf(done: Done, times: ReadonlyMap<string, EventTime>): Activity {
    const { actor_name, verb, object_type, object_id, target_name, time } = timed(done, times);
    const { objects } = this.world.model;
    const root = done.about[0] === undefined ? undefined : objects.rootOf(done.about[0]);
    return {
      time,
      eventId: '' as EventId,
      actorId: this.idOf(actor_name),
      verb,
      objectType: object_type,
      objectId: object_id,
      targetId: target_name === null ? null : this.idOf(target_name),
      rootOwnerId: root === undefined ? null : this.idOf(objects.ownerOf(root)),
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
    const { status, body } = await this.get(name, path);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body;
  }

  private get(name: string, path: string): Promise<ApiAnswer> {
    return this.world.reader(name).freshGet(path, this.world.newest);
  }
}

const timed = ({ entry, token }: Done, times: ReadonlyMap<string, EventTime>): FeedEntry => ({
  ...entry,
  time: times.get(token) as EventTime,
});

/** Repeats a failed check if the hour has changed meanwhile. */
async function withinHour(check: (now: number) => Promise<void>): Promise<void> {
  const now = Date.now();
  await check(now).catch(async (error) => {
    if (Math.floor(Date.now() / HOUR) === Math.floor(now / HOUR)) throw error;
    await check(Date.now());
  });
}
