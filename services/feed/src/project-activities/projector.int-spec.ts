import { DEAD_LETTER_TOPIC, encodeEvent, goldenMessages, type StoredEvent, TOPICS } from '@activity-feed/contracts';
import {
  type KafkaSettings,
  kafkaPublisher,
  type OutgoingMessage,
  type ReceivedMessage,
} from '@activity-feed/eventing';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { readTopic, topicsWith } from '../../../../test/harness/topic-reader';
import { migrations } from '../database/migrations';
import { DeadLetters } from './dead-letters';
import { Projector } from './projector';
import { skipped } from './projector-metrics';

const place = { topic: TOPICS['social-graph'], partition: 0 };

/** The offset after all golden examples. */
const END = BigInt(goldenMessages.length);
/** The activities that they leave: a follow, an unfollow, a post, a comment and a like of the comment. */
const LEFT = 6;

const received = (offset: number, { key, value, headers }: OutgoingMessage): ReceivedMessage => ({
  offset: BigInt(offset),
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers,
});

const golden = (verb: string) =>
  goldenMessages.find(({ headers }) => headers.ce_type === `activity.object-${verb}.v1`) as OutgoingMessage;

/** An activity without an object, a target and a comment. */
const NOTHING = {
  ...{ object_type: null, object_id: null, target_id: null },
  ...{ comment_id: null, root_type: null, root_id: null, root_owner_id: null },
};

/** Event number `version` of eric's stream. */
const follow = (version: number, following: boolean) =>
  encodeEvent({
    id: `01968a1e-7c00-7000-8000-0000000001${String(version).padStart(2, '0')}`,
    type: following ? 'social-graph.user-followed.v1' : 'social-graph.user-unfollowed.v1',
    stream: 3,
    version,
    time: `2019-02-10T12:00:00.0000${String(version).padStart(2, '0')}+00:00`,
    data: { actor: { id: 3, name: 'eric' }, target: { id: 1, name: 'ivan' } },
  } as StoredEvent);

describe('the projector', () => {
  let database: TestDatabase;
  let kafka: KafkaSettings;
  let deadLetters: DeadLetters;
  let projector: Projector;
  let start = 0n;

  beforeEach(async () => {
    database = await createTestDatabase('timescaledb', migrations);
    kafka = { brokers: testServers().brokers, clientId: 'test', prefix: `${uniqueName()}.`, replicationFactor: 1 };
    deadLetters = new DeadLetters(kafkaPublisher(kafka, DEAD_LETTER_TOPIC, silent));
    start = 0n;
    projector = new Projector({
      pool: database.pool,
      readPool: database.pool,
      deadLetters,
      log: silent,
      logStart: async () => start,
      onApplied: () => undefined,
    });
  });
  afterEach(async () => {
    await deadLetters.close();
    await database.drop();
  });

  const read = (first: number, messages: OutgoingMessage[]) =>
    projector.readBatch({ ...place, messages: messages.map((message, index) => received(first + index, message)) });
  const rows = async (sql: string) => (await database.pool.query(sql)).rows;
  const count = async (table: string) => (await rows(`SELECT count(*)::int AS count FROM ${table}`))[0].count;
  const skippedEvents = async () => (await skipped.get()).values[0]?.value ?? 0;

  it('writes every kind of event, and takes back the like and the share', async () => {
    expect(await read(0, goldenMessages)).toBe(END);
    expect(
      await rows(
        'SELECT verb, actor_id, object_type, object_id, target_id, comment_id, root_type, root_id, root_owner_id ' +
          'FROM activities ORDER BY time',
      ),
    ).toEqual(
      [
        { verb: 'follow', actor_id: 3, target_id: 1 },
        { verb: 'post', actor_id: 2, object_type: 'photo', object_id: 21 },
        { verb: 'unfollow', actor_id: 3, target_id: 1 },
        { verb: 'comment', actor_id: 3, object_type: 'photo', object_id: 21, target_id: 2, comment_id: 9 },
        {
          ...{ verb: 'like', actor_id: 1, object_type: 'comment', object_id: 9, target_id: 3 },
          ...{ root_type: 'photo', root_id: 21, root_owner_id: 2 },
        },
        { verb: 'follow', actor_id: 3, target_id: 1 },
      ].map((row) => ({ ...NOTHING, ...row })),
    );
    expect(await rows('SELECT * FROM users ORDER BY id')).toEqual([
      { id: 1, name: 'ivan' },
      { id: 2, name: 'nico' },
      { id: 3, name: 'eric' },
    ]);
    // The one that a block has ended is no activity.
    expect(await rows('SELECT follower_id, followee_id, following, version FROM follows ORDER BY 1')).toEqual([
      { follower_id: 1, followee_id: 3, following: false, version: 5 },
      { follower_id: 3, followee_id: 1, following: true, version: 4 },
    ]);
    // Of an edit, a deletion and a restoration, the version is written.
    expect(await rows('SELECT * FROM applied_versions ORDER BY source, stream')).toEqual([
      { source: 'activity', stream: 1, version: 6 },
      { source: 'activity', stream: 2, version: 4 },
      { source: 'activity', stream: 3, version: 1 },
      { source: 'activity-marks', stream: 1, version: 3 },
      { source: 'social-graph', stream: 1, version: 6 },
      { source: 'social-graph', stream: 3, version: 6 },
      { source: 'social-graph-private', stream: 1, version: 4 },
      { source: 'social-graph-private', stream: 3, version: 2 },
    ]);
  });

  it('continues after what compaction has removed from the topic of marks', async () => {
    const marks = goldenMessages.find(
      ({ headers }) => headers.ce_type === 'activity.marks-moved.v1',
    ) as OutgoingMessage;
    const at = (offset: number, version: number) => {
      const headers = { ...marks.headers, ce_streamversion: String(version) };
      return projector.readBatch({
        ...{ topic: TOPICS['activity-marks'], partition: 0 },
        messages: [received(offset, { ...marks, headers } as OutgoingMessage)],
      });
    };
    expect(await at(5, 3)).toBe(6n);
    expect(await at(9, 7)).toBe(10n);
    expect(await rows('SELECT user_id, marks FROM notification_marks')).toEqual([
      { user_id: 1, marks: expect.objectContaining({ read: null }) },
    ]);
  });

  it('writes which accounts are closed', async () => {
    const closed = () => rows('SELECT * FROM closed_accounts');
    await read(0, goldenMessages.slice(0, -1));
    expect(await closed()).toEqual([
      { user_id: 1, private: true, suspended: false },
      { user_id: 3, private: false, suspended: true },
    ]);
    await read(Number(END) - 1, goldenMessages.slice(-1));
    expect(await closed()).toEqual([{ user_id: 1, private: true, suspended: false }]);
  });

  it('changes nothing when it reads a batch again, completely or partly', async () => {
    await read(0, goldenMessages);
    expect(await read(0, goldenMessages)).toBe(END);
    expect(await read(4, [...goldenMessages.slice(4), goldenMessages[0] as OutgoingMessage])).toBe(END + 1n);
    expect(await count('activities')).toBe(LEFT);
  });

  it('changes nothing when the same events arrive again at later offsets', async () => {
    await read(0, goldenMessages);
    expect(await read(goldenMessages.length, goldenMessages)).toBe(2n * END);
    expect(await count('activities')).toBe(LEFT);
    expect(await rows('SELECT following, version FROM follows ORDER BY version')).toEqual([
      { following: true, version: 4 },
      { following: false, version: 5 },
    ]);
  });

  it('writes who hides whom, as of the last event about each', async () => {
    const hiding = (version: number, type: string, target: number, data = {}) =>
      encodeEvent({
        id: `01968a1e-7c00-7000-8000-0000000002${String(version).padStart(2, '0')}`,
        type: `social-graph.user-${type}.v1`,
        stream: 3,
        version,
        time: `2019-02-10T12:00:00.0000${String(version).padStart(2, '0')}+00:00`,
        data: { actor: { id: 3, name: 'eric' }, target: { id: target, name: `user_${target}` }, ...data },
      } as StoredEvent);
    const until = '2019-03-10T12:00:00.000000+00:00';
    const hidden = () =>
      rows('SELECT user_id, other_id, kind, isfinite(until) AS ends FROM hidden_users ORDER BY other_id, kind');
    await read(0, [
      hiding(1, 'blocked', 1),
      hiding(2, 'muted', 2, { only: null, until: null }),
      hiding(3, 'muted', 2, { only: 'shares', until }),
      hiding(4, 'blocked', 4),
      hiding(5, 'unblocked', 4),
    ]);
    const mute = { user_id: 3, other_id: 2, kind: 'mute', ends: false };
    expect(await hidden()).toEqual([
      { user_id: 3, other_id: 1, kind: 'block', ends: false },
      mute,
      { ...mute, kind: 'mute-shares', ends: true },
    ]);
    await read(5, [hiding(6, 'unblocked', 1), hiding(7, 'muted', 2, { only: null, until })]);
    await read(7, [hiding(8, 'unmuted', 2, { only: 'shares' })]);
    expect(await hidden()).toEqual([{ ...mute, ends: true }]);
  });

  it('does not let an older event about a follow overwrite a newer one', async () => {
    await read(0, [follow(2, true), follow(3, false), follow(4, true)]);
    await read(3, [follow(2, true), follow(3, false)]);
    await read(5, [follow(5, false), follow(6, true), follow(5, false)]);
    expect(await rows('SELECT following, version FROM follows')).toEqual([{ following: true, version: 6 }]);
    expect(await rows('SELECT version FROM applied_versions')).toEqual([{ version: 6 }]);
  });

  it('drops events that arrive again, so that what was taken back stays so', async () => {
    const [liked, unliked] = ['liked', 'unliked'].map(golden) as [OutgoingMessage, OutgoingMessage];
    await read(0, [liked, unliked]);
    await read(2, [liked]);
    await read(3, [liked, unliked, liked]);
    expect(await count('activities')).toBe(0);
    expect(await rows("SELECT version FROM applied_versions WHERE source = 'activity'")).toEqual([{ version: 3 }]);
  });

  it('drops events that arrive again within one batch', async () => {
    const [liked, unliked] = ['liked', 'unliked'].map(golden) as [OutgoingMessage, OutgoingMessage];
    await read(0, [liked, unliked, liked]);
    expect(await count('activities')).toBe(0);
  });

  it('keeps what an unreadable event would have taken back, and continues the stream', async () => {
    const [liked, unliked, unshared] = ['liked', 'unliked', 'unshared'].map(golden) as OutgoingMessage[];
    await read(0, [liked, { ...unliked, value: '{' }, unshared] as OutgoingMessage[]);
    expect(await rows('SELECT verb FROM activities')).toEqual([{ verb: 'like' }]);
    expect(await readTopic(kafka.prefix + DEAD_LETTER_TOPIC)).toHaveLength(1);
    expect(await rows("SELECT version FROM applied_versions WHERE source = 'activity'")).toEqual([{ version: 4 }]);
  });

  it('returns the expected offset when a batch begins beyond it', async () => {
    await read(0, goldenMessages.slice(0, 2));
    expect(await read(4, goldenMessages.slice(2))).toBe(2n);
    expect(await count('activities')).toBe(1);
    expect(await read(2, goldenMessages.slice(2, 4))).toBe(4n);
    expect(await count('activities')).toBe(3);
  });

  it('skips missing offsets only if the broker has deleted them', async () => {
    await read(0, goldenMessages.slice(0, 2));
    start = 4n;
    expect(await read(4, goldenMessages.slice(2))).toBe(END + 2n);
    expect(await count('activities')).toBe(LEFT);
  });

  it('writes nothing if another instance has read the batch in the meantime', async () => {
    const rival = await database.pool.connect();
    await rival.query('BEGIN');
    await rival.query('INSERT INTO projection_offsets VALUES ($1, 0, $2)', [place.topic, END]);
    const reading = read(0, goldenMessages);
    await eventually('the projector waits for the rival', async () => {
      const { rowCount } = await database.pool.query('SELECT FROM pg_locks WHERE NOT granted');
      return rowCount !== 0;
    });
    await rival.query('COMMIT');
    rival.release();
    expect(await reading).toBe(END);
    expect(await count('activities')).toBe(0);
  });

  it('skips unknown types and versions, and counts them', async () => {
    const [, golden] = goldenMessages as [OutgoingMessage, OutgoingMessage];
    const later = { ...golden, headers: { ...golden.headers, ce_type: 'social-graph.user-followed.v2' } };
    const foreign = { ...golden, headers: { ...golden.headers, ce_type: 'billing.invoice-sent.v1' } };
    const before = await skippedEvents();
    expect(await read(0, [later, golden, foreign])).toBe(3n);
    expect(await count('activities')).toBe(1);
    expect((await skippedEvents()) - before).toBe(2);
    expect(await topicsWith(kafka.prefix)).toEqual([]);
  });

  it('dead-letters unreadable messages unchanged with the reason, and continues', async () => {
    const [, golden] = goldenMessages as [OutgoingMessage, OutgoingMessage];
    const broken = { ...golden, value: '{"actor":' };
    const nameless = { key: null, value: Buffer.from([0xff, 0xfe]), headers: {} };
    expect(await read(0, [broken, golden, nameless])).toBe(3n);
    expect(await count('activities')).toBe(1);
    const letters = await readTopic(kafka.prefix + DEAD_LETTER_TOPIC);
    // Each at least once: a busy broker may answer too late.
    const reasons = letters.map(({ headers }) => `${headers['dead-letter-offset']} ${headers['dead-letter-reason']}`);
    expect(new Set(reasons)).toEqual(new Set(['0 value is not JSON', '2 header ce_type is missing']));
    expect(letters.find(({ key }) => key === '3')).toMatchObject({
      value: '{"actor":',
      headers: { ...golden.headers, 'dead-letter-topic': place.topic, 'dead-letter-partition': '0' },
    });
  });

  it('dead-letters an event that the database rejects, and writes the others', async () => {
    await database.pool.query("ALTER TABLE users ADD CONSTRAINT no_eric CHECK (name <> 'eric')");
    expect(await read(0, goldenMessages)).toBe(END);
    expect(await rows('SELECT verb FROM activities')).toEqual([{ verb: 'post' }]);
    const ofEric = goldenMessages.filter(({ value }) => value.includes('eric'));
    expect(await readTopic(kafka.prefix + DEAD_LETTER_TOPIC)).toHaveLength(ofEric.length);
  });

  it('writes neither rows nor the offset when the transaction fails', async () => {
    await database.pool.query('ALTER TABLE applied_versions RENAME TO hidden');
    await expect(read(0, goldenMessages)).rejects.toThrow('applied_versions');
    expect(await count('activities')).toBe(0);
    await database.pool.query('ALTER TABLE hidden RENAME TO applied_versions');
    expect(await projector.nextOffset(place)).toBe(0n);
    expect(await read(0, goldenMessages)).toBe(END);
    expect(await count('activities')).toBe(LEFT);
  });
});
