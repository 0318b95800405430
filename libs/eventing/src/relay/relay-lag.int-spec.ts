import { type NewEvent, TOPICS, type UserId } from '@activity-feed/contracts';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { eventually } from '../../../../test/harness/eventually';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { appendEvents } from '../append/append-events';
import { inTransaction } from '../append/in-transaction';
import type { OpenPublisher } from './event-publisher';
import { Relay } from './relay';

const topic = TOPICS.activity;
const posted = (id: number): NewEvent<'activity.object-posted.v1'> => ({
  type: 'activity.object-posted.v1',
  data: { actor: { id: id as UserId, name: 'user' }, object: { type: 'post', id, content: 'text' } },
});

describe('what a relay’s topic lacks', () => {
  let database: TestDatabase;
  let relays: Relay[];
  beforeEach(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await database.drop();
  });

  const record = (ids: readonly number[]) =>
    inTransaction(database.pool, (tx) =>
      appendEvents(
        tx,
        ids.map((id) => ({ stream: id as UserId, event: posted(id) })),
      ),
    );
  const start = (openPublisher: OpenPublisher) => {
    const options = { database: { connectionString: database.url }, topic, openPublisher, standbyInterval: 25 };
    const relay = new Relay({ ...options, log: silent });
    relays.push(relay);
    relay.start();
    return relay;
  };
  const working: OpenPublisher = async () => ({
    partitions: 6,
    publish: async () => undefined,
    close: async () => undefined,
  });

  it('is nothing once all events are sent', async () => {
    await record([1, 2]);
    const relay = start(working);
    await eventually('all are sent', async () => (await relay.lag(database.pool))?.events === 0);
    expect(await relay.lag(database.pool)).toEqual({ events: 0, seconds: 0 });
  });

  it('is everything since the last event that was sent, while the broker is down', async () => {
    await record([1, 2, 3]);
    const relay = start(() => Promise.reject(new Error('the broker is down')));
    await eventually('it fails', () => relay.state === 'failing');
    const lag = await relay.lag(database.pool);
    expect(lag?.events).toBe(3);
    expect(lag?.seconds).toBeGreaterThan(0);
    expect(lag?.seconds).toBeLessThan(60);
  });

  it('is reported by the leader alone', async () => {
    const leader = start(working);
    await eventually('it leads', () => leader.state === 'leading');
    const other = start(working);
    await eventually('the other is on standby', () => other.state === 'standby');
    expect(await other.lag(database.pool)).toBeUndefined();
  });
});
