import { type NewEvent, TOPICS, type UserId } from '@activity-feed/contracts';
import { Client } from 'pg';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { readTopic } from '../../../../test/harness/topic-reader';
import { appendEvents } from '../append/append-events';
import type { CommandKind, StreamCommand } from '../append/command-kind';
import { accept } from '../append/decision';
import { EventStore } from '../append/event-store';
import { kafkaPublisher } from '../kafka/kafka-publisher';
import type { OpenPublisher } from './event-publisher';
import { Relay } from './relay';

const topic = TOPICS.activity;

const posted = (stream: number, content = 'text'): NewEvent<'activity.object-posted.v1'> => ({
  type: 'activity.object-posted.v1',
  data: { actor: { id: stream as UserId, name: `user_${stream}` }, object: { type: 'post', id: 1, content } },
});

type Post = StreamCommand & { content: string | undefined };

const post: CommandKind<Post, null, NewEvent<'activity.object-posted.v1'>> = {
  name: 'post',
  facts: async (_, commands) => commands.map(() => null),
  decide: (_, { stream, content }) => accept(posted(stream, content)),
  project: () => undefined,
};

describe('the relay', () => {
  let database: TestDatabase;
  let store: EventStore;
  let kafka: Parameters<typeof kafkaPublisher>[0];
  let openPublisher: OpenPublisher;
  let relays: Relay[] = [];

  beforeEach(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
    store = new EventStore(database.pool, (events) => {
      for (const relay of relays) relay.wake(events);
    });
    kafka = { brokers: testServers().brokers, clientId: 'test', prefix: `${uniqueName()}.`, replicationFactor: 1 };
    openPublisher = kafkaPublisher(kafka, topic, silent);
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await database.drop();
  });

  function startRelay(options: Partial<ConstructorParameters<typeof Relay>[0]> = {}): Relay {
    const relay = new Relay({
      database: { connectionString: database.url },
      topic,
      openPublisher,
      log: silent,
      standbyInterval: 50,
      ...options,
    });
    relays.push(relay);
    relay.start();
    return relay;
  }

  const append = async (stream: number, content?: string) => store.execute(post, { stream: stream as UserId, content });

  /** `stream:version` of every message, in the order of its partition. */
  const published = async () =>
    (await readTopic(kafka.prefix + topic)).map(({ key, headers }) => `${key}:${headers.ce_streamversion}`);

  const caughtUp = () =>
    eventually('the cursor is at the last event', async () => {
      const { rows } = await database.pool.query(
        'SELECT (SELECT max(position) FROM events) = (SELECT max(position) FROM relay_cursor) AS done',
      );
      return rows[0].done === true;
    });

  it('publishes the events of each actor in version order', async () => {
    startRelay({ batchSize: 7 });
    await Promise.all(Array.from({ length: 100 }, (_, index) => append((index % 5) + 1)));
    await caughtUp();
    const versions = Map.groupBy(await published(), (place) => place.split(':')[0]);
    expect(versions.size).toBe(5);
    for (const [stream, places] of versions) {
      expect(places).toEqual(Array.from({ length: 20 }, (_, index) => `${stream}:${index + 1}`));
    }
  });

  it('splits large events into batches that the broker accepts', async () => {
    for (let count = 0; count < 100; count++) await append(1, '\u{1D11E}'.repeat(10_000));
    startRelay();
    await caughtUp();
    expect(await published()).toEqual(Array.from({ length: 100 }, (_, index) => `1:${index + 1}`));
  });

  it('sorts the events of one transaction by number, not as text', async () => {
    const many = new Client({ connectionString: database.url });
    await many.connect();
    await many.query('BEGIN');
    for (let count = 0; count < 12; count++) await appendEvents(many, [{ stream: 1 as UserId, event: posted(1) }]);
    await many.query('COMMIT');
    await many.end();
    startRelay({ batchSize: 5 });
    await caughtUp();
    expect(await published()).toEqual(Array.from({ length: 12 }, (_, index) => `1:${index + 1}`));
  });

  it('skips no events of a transaction that stays open while later ones commit', async () => {
    startRelay({ pollInterval: 600_000 });
    await append(1);
    await caughtUp();
    const slow = new Client({ connectionString: database.url });
    await slow.connect();
    await slow.query('BEGIN');
    await appendEvents(slow, [{ stream: 2 as UserId, event: posted(2) }]);
    for (let count = 0; count < 5; count++) await append(1);
    // Later events wait for the open transaction. If they were published, the cursor would skip its lower positions.
    const { rows } = await database.pool.query('SELECT max(position) AS position FROM relay_cursor');
    expect(rows[0].position).toBe(1);
    await slow.query('COMMIT');
    await slow.end();
    await caughtUp();
    expect((await published()).sort()).toEqual(['1:1', '1:2', '1:3', '1:4', '1:5', '1:6', '2:1']);
  });

  it('publishes events again when the previous relay died before it stored its cursor', async () => {
    let sends = 0;
    const dying: OpenPublisher = async () => {
      const publisher = await openPublisher();
      return {
        ...publisher,
        publish: async (messages) => {
          await publisher.publish(messages);
          sends++;
          // Its session ends, as after a kill, and with it the lock.
          await database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          );
        },
      };
    };
    await append(1);
    await append(1);
    const first = startRelay({ openPublisher: dying });
    await eventually('the first relay has sent', () => sends > 0);
    await first.stop();
    startRelay();
    await caughtUp();
    const places = await published();
    expect(places.length).toBeGreaterThanOrEqual(4);
    expect(new Set(places)).toEqual(new Set(['1:1', '1:2']));
    expect(places.slice(-2)).toEqual(['1:1', '1:2']);
  });

  it('publishes from one instance, and another takes over when that one stops', async () => {
    const senders: string[] = [];
    const named =
      (name: string): OpenPublisher =>
      async () => {
        const publisher = await openPublisher();
        const publish = async (messages: Parameters<typeof publisher.publish>[0]) => {
          senders.push(name);
          await publisher.publish(messages);
        };
        return { ...publisher, publish };
      };
    const first = startRelay({ openPublisher: named('first') });
    await eventually('the first leads', () => first.state === 'leading');
    const second = startRelay({ openPublisher: named('second') });
    await eventually('the second stands by', () => second.state === 'standby');
    for (let count = 0; count < 10; count++) await append(1);
    await caughtUp();
    expect(new Set(senders)).toEqual(new Set(['first']));

    await first.stop();
    await append(1);
    await caughtUp();
    expect(senders.at(-1)).toBe('second');
    expect(await published()).toEqual(Array.from({ length: 11 }, (_, index) => `1:${index + 1}`));
  });

  it('publishes at once what another instance has recorded, which tells it', async () => {
    const first = startRelay({ pollInterval: 600_000 });
    await eventually('the first leads', () => first.state === 'leading');
    const second = startRelay({ standbyInterval: 600_000 });
    await eventually('the second stands by', () => second.state === 'standby');
    const elsewhere = new EventStore(database.pool, (events) => second.wake(events));
    for (let count = 0; count < 3; count++) {
      await elsewhere.execute(post, { stream: 1 as UserId, content: 'text' });
      await caughtUp();
    }
    expect(await published()).toEqual(['1:1', '1:2', '1:3']);
  });

  it('gathers events after a send until a read waits for one, here or at another instance', async () => {
    const first = startRelay({ pace: { gatherLimit: 600_000, manyEvents: 1 } });
    await eventually('the first leads', () => first.state === 'leading');
    const second = startRelay({ standbyInterval: 600_000 });
    await eventually('the second stands by', () => second.state === 'standby');
    await append(1);
    await eventually('the first is sent at once', async () => (await published()).length === 1);
    for (const one of [first, second]) {
      const { length } = await published();
      for (let count = 0; count < 3; count++) await append(1);
      expect(await published()).toHaveLength(length);
      one.hurry();
      await eventually('all are sent', async () => (await published()).length === length + 3);
    }
  });

  it('stores its cursor when it stops', async () => {
    const relay = startRelay();
    await append(1);
    await caughtUp();
    for (let count = 0; count < 5; count++) await append(1);
    await eventually('all are sent', async () => (await published()).length === 6);
    await relay.stop();
    const { rows } = await database.pool.query('SELECT position FROM relay_cursor');
    expect(rows).toEqual([{ position: 6 }]);
  });

  it('publishes nothing to a topic whose number of partitions has changed, and logs an error', async () => {
    const first = startRelay();
    await append(1);
    await caughtUp();
    await first.stop();
    expect((await database.pool.query('SELECT partitions FROM relay_cursor')).rows).toEqual([{ partitions: 6 }]);
    await database.pool.query('UPDATE relay_cursor SET partitions = 4');
    await append(1);
    const error = jest.fn();
    const second = startRelay({ log: { warn: () => undefined, info: () => undefined, error } });
    await eventually('it was refused', () => error.mock.calls.length > 0);
    expect(error.mock.calls[0]?.[0].err.message).toContain(`${topic} has 6 partitions; it must have the 4 that it had`);
    await expect(second.assertWorking()).rejects.toThrow('the relay is failing');
    expect(await published()).toEqual(['1:1']);
  });

  it('publishes to a topic whose number of partitions an earlier version has not recorded', async () => {
    const first = startRelay();
    await append(1);
    await caughtUp();
    await first.stop();
    await database.pool.query('UPDATE relay_cursor SET partitions = NULL');
    startRelay();
    await append(1);
    await caughtUp();
    expect(await published()).toEqual(['1:1', '1:2']);
  });

  it('continues from its cursor after the broker has failed for a while', async () => {
    let refusals = 3;
    const refusing: OpenPublisher = async () => {
      const publisher = await openPublisher();
      const publish = async (messages: Parameters<typeof publisher.publish>[0]) => {
        if (refusals-- > 0) throw new Error('refused');
        await publisher.publish(messages);
      };
      return { ...publisher, publish };
    };
    await append(1);
    startRelay({ openPublisher: refusing });
    await caughtUp();
    expect(await published()).toEqual(['1:1']);
  });
});
