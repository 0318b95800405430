import { type EventTime, fromMilliseconds, type ObjectRef, toMicroseconds } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { Client } from 'pg';
import { TO_EMPTY } from '../../../../test/aggregates/feed-under-test';
import { EffectsOfStreams } from '../../../../test/harness/effects-of-streams';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { readKind } from '../activity/activity-kinds';
import type { Effects } from '../activity/effects';
import { keyOfObject } from '../activity/object-key';
import { MoveActivities } from '../hide-activities/move-activities';
import { KnownUsers } from '../project-activities/known-users';
import { projectEffects } from '../project-activities/project-effects';
import { type IndexOptions, TimelineIndex } from '../timeline-index/timeline-index';
import { fillIndex } from './fill-index';
import { restoreStream } from './restore-stream';

const NOW = Date.parse('2026-03-10T12:10:00Z');
const [OWNER, FAN, OTHER] = [1, 2, 3];
const PHOTO: ObjectRef = { type: 'photo', id: 21 };
const POST: ObjectRef = { type: 'post', id: 22 };
const COMMENT: ObjectRef = { type: 'comment', id: 9 };
const ABOUT_PHOTO = ['1 post photo:21', '2 like photo:21', '3 comment photo:21', '2 like comment:9'];
const ABOUT_POST = ['1 post post:22', '2 like post:22'];

describe('activities about deleted objects, in an index that is loaded from the database', () => {
  let database: TestDatabase;
  let client: Client;
  let streams: EffectsOfStreams;
  let index: TimelineIndex;
  let likeOfPost: Effects;

  beforeAll(async () => {
    database = await createFeedDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  beforeEach(async () => {
    await client.query(`TRUNCATE ${TO_EMPTY}`);
    streams = new EffectsOfStreams(fromMilliseconds(NOW));
    const posts = [PHOTO, POST].map((object) => streams.does(OWNER, 'post', object));
    likeOfPost = streams.does(FAN, 'like', POST);
    await project(
      ...posts,
      likeOfPost,
      streams.does(FAN, 'like', PHOTO),
      streams.does(OTHER, 'comment', PHOTO, { commentId: COMMENT.id }),
      streams.does(FAN, 'like', COMMENT, { rootType: PHOTO.type, rootId: PHOTO.id }),
    );
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  const project = (...effects: Effects[]) =>
    inTransaction(database.pool, (tx) => projectEffects(tx, effects, new KnownUsers(), () => NOW));

  async function move(): Promise<void> {
    const mover = new MoveActivities(client, () => NOW);
    // Transactions of other tests on the same server delay it.
    await eventually('all activities are moved', () => mover.turn());
  }

  async function load(options: Partial<IndexOptions> = {}): Promise<void> {
    const window = { budget: 65_536, ...options };
    index = new TimelineIndex({ followeeBudget: 10, now: () => NOW, ...window });
    await fillIndex(client, index, window.budget, () => undefined);
  }

  /** Projects the events, of which the index receives the last one only. */
  async function miss(...effects: Effects[]): Promise<void> {
    await project(...effects);
    const last = effects.at(-1) as Effects;
    expect(index.apply(last)).toBe('gap');
    await restoreStream(database.pool, index, last, silent, () => false);
    expect(index.versionOf('activity', last.stream)).toBe(last.version);
  }

  const apply = (effects: Effects) => expect(index.apply(effects)).toBe('applied');

  function settle(): void {
    const pass = index.settle();
    while (!pass.next().done);
  }

  /** What pages show of all users, newest first. */
  function shown(): string[] {
    const { users, rows } = index;
    const found = index.find(Uint32Array.from([OWNER, FAN, OTHER].map((id) => users.number(id))).sort(), 100).rows;
    return Array.from(found, (row) => {
      const { verb, objectType } = readKind(rows.kindOf(row));
      return `${users.idOf(rows.actorOf(row))} ${verb} ${objectType}:${rows.objectIdOf(row)}`;
    });
  }

  const likesOf = (object: ObjectRef) => index.recent.get(keyOfObject(object))?.counts ?? [0, 0, 0];
  const sorted = (...lists: string[][]) => lists.flat().sort();

  describe.each([
    ['moved', move],
    ['yet to be moved', async () => undefined],
  ])('whose rows are %s', (_, moveIf) => {
    it('are hidden, and shown in their old places once the object is restored', async () => {
      await load();
      const before = shown();
      expect(before.toSorted()).toEqual(sorted(ABOUT_PHOTO, ABOUT_POST));
      await project(streams.deletes(OWNER, PHOTO));
      await moveIf();
      await load();
      expect(shown().sort()).toEqual(sorted(ABOUT_POST));
      expect(likesOf(PHOTO)).toEqual([0, 0, 0]);
      expect(likesOf(COMMENT)).toEqual([0, 0, 0]);
      apply(streams.restores(OWNER, PHOTO));
      settle();
      expect(shown()).toEqual(before);
      expect(likesOf(PHOTO)).toEqual([1, 0, 1]);
      expect(likesOf(COMMENT)).toEqual([1, 0, 0]);
    });

    it('are shown if the object was restored', async () => {
      await load();
      const before = shown();
      await project(streams.deletes(OWNER, PHOTO));
      await move();
      await project(streams.restores(OWNER, PHOTO));
      await moveIf();
      await load();
      expect(shown()).toEqual(before);
      expect(likesOf(PHOTO)).toEqual([1, 0, 1]);
    });

    it('are hidden if only their comment, or what it is on, is deleted', async () => {
      await project(streams.deletes(OTHER, COMMENT));
      await moveIf();
      await load();
      expect(shown().sort()).toEqual(sorted(ABOUT_PHOTO.slice(0, 2), ABOUT_POST));
      await project(streams.deletes(OWNER, PHOTO), streams.restores(OTHER, COMMENT));
      await moveIf();
      await load();
      expect(shown().sort()).toEqual(sorted(ABOUT_POST));
    });

    it('are hidden after a gap that has the deletion, and shown after one that has the restore', async () => {
      await load();
      const before = shown();
      await project(streams.deletes(OWNER, PHOTO));
      await moveIf();
      await miss(streams.does(OWNER, 'share', POST));
      expect(shown().sort()).toEqual(sorted(ABOUT_POST, ['1 share post:22']));
      settle();
      expect(shown().sort()).toEqual(sorted(ABOUT_POST, ['1 share post:22']));
      expect(likesOf(PHOTO)).toEqual([0, 0, 0]);

      await project(streams.restores(OWNER, PHOTO));
      await moveIf();
      const last = streams.does(OWNER, 'like', POST);
      await miss(last);
      expect(index.isSettled('activity', OWNER, last.version, false)).toBe(false);
      settle();
      expect(shown()).toEqual(['1 like post:22', '1 share post:22', ...before]);
      expect(likesOf(PHOTO)).toEqual([1, 0, 1]);
    });

    it('are shown after a restore if they were missed, and not if they were taken back', async () => {
      await project(streams.deletes(OWNER, PHOTO), streams.deletes(OWNER, POST));
      await moveIf();
      await load();
      expect(shown()).toEqual([]);
      await miss(streams.undoes(likeOfPost), streams.does(FAN, 'share', PHOTO), streams.does(FAN, 'share', POST));
      await moveIf();
      apply(streams.restores(OWNER, PHOTO));
      apply(streams.restores(OWNER, POST));
      settle();
      expect(shown().sort()).toEqual(sorted(ABOUT_PHOTO, ['1 post post:22', '2 share photo:21', '2 share post:22']));
    });

    it('count for the budget, and do not make the index lack others above its floor', async () => {
      const others = Array.from({ length: 40 }, () => [
        streams.does(OWNER, 'share', POST),
        streams.does(FAN, 'share', PHOTO),
      ]).flat();
      await project(...others, streams.deletes(OWNER, PHOTO));
      await moveIf();
      await load({ budget: 32, segmentBits: 3 });
      expect(index.rows.count).toBeLessThanOrEqual(32);
      const isCovered = ({ activity }: Effects) => toMicroseconds(activity?.time as EventTime) > index.floor;
      const covered = () =>
        others
          .filter(isCovered)
          .map(({ stream, activity }) => `${stream} share ${activity?.objectType}:${activity?.objectId}`);
      const posts = covered().filter((one) => one === '1 share post:22');
      expect(posts.length).toBeGreaterThan(5);
      expect(shown()).toEqual(posts);
      apply(streams.restores(OWNER, PHOTO));
      settle();
      expect(shown()).toEqual(covered().reverse());
    });
  });
});
