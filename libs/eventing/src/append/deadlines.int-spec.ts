import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent, UserId } from '@activity-feed/contracts';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { eventually } from '../../../../test/harness/eventually';
import { postgresPid } from '../../../../test/harness/servers';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import type { CommandKind, StreamCommand } from './command-kind';
import { accept } from './decision';
import { EventStore, type Refusal } from './event-store';

type Posted = NewEvent<'activity.object-posted.v1'>;
type Kind = CommandKind<StreamCommand, null, Posted>;

const REFUSED = { kind: 'rejected', code: 'SERVICE_UNAVAILABLE' };

const post: Kind = {
  name: 'post',
  facts: async (_, commands) => commands.map(() => null),
  decide: (_, { stream }) =>
    accept({
      type: 'activity.object-posted.v1',
      data: { actor: { id: stream, name: 'user' }, object: { type: 'post', id: 1, content: 'text' } },
    }),
  project: () => undefined,
};

const within = (milliseconds: number) => ({ at: performance.now() + milliseconds });

describe('commands with deadlines', () => {
  let database: TestDatabase;
  let store: EventStore;
  let refusals: Refusal[];

  beforeAll(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
  });
  afterAll(() => database?.drop());
  beforeEach(() => {
    refusals = [];
    store = new EventStore(database.pool, () => undefined, { refused: (why) => refusals.push(why) });
  });

  const append = (stream: number, deadline?: { at: number }, kind: Partial<Kind> = {}) =>
    store.execute({ ...post, ...kind }, { stream: stream as UserId, deadline });
  const version = (stream: number) => store.version(stream as UserId);

  /** Blocks all transactions that the store runs concurrently; returns the function that releases them. */
  async function holdLanes(streams: [number, number]) {
    const { promise: released, resolve } = Promise.withResolvers<void>();
    let held = 0;
    const facts: Kind['facts'] = async () => {
      held++;
      await released;
      return [null];
    };
    const under: Promise<unknown>[] = [];
    for (const [index, stream] of streams.entries()) {
      under.push(append(stream, undefined, { facts }));
      await eventually('a transaction waits', () => held === index + 1);
    }
    return async () => {
      resolve();
      await Promise.all(under);
    };
  }

  it('are recorded before their deadline and refused after it', async () => {
    expect(await append(1, within(10_000))).toMatchObject({ kind: 'recorded' });
    expect(await append(1, within(-1))).toEqual(REFUSED);
    expect(await version(1)).toBe(1);
    expect(refusals).toEqual(['expired']);
  });

  it('are refused when they wait past their deadline, even if earlier transactions still run', async () => {
    const release = await holdLanes([10, 11]);
    const [late, patient] = [append(12, within(300)), append(12, within(60_000))];
    expect(await late).toEqual(REFUSED);
    expect(store.waiting).toBe(1);
    await release();
    expect(await patient).toMatchObject({ kind: 'recorded', version: 1 });
  });

  it('are rolled back when their deadline passes in a transaction, and the others are retried', async () => {
    const deadline = within(2_000);
    let transactions = 0;
    const slow: Kind['facts'] = async (_, commands) => {
      transactions++;
      // The test is about elapsed time, so there is no condition to wait for.
      while (commands.some((command) => command.deadline) && performance.now() <= deadline.at) await pause(10);
      return commands.map(() => null);
    };
    const kind = { ...post, facts: slow };
    const outcomes = await Promise.all([
      store.execute(kind, { stream: 20 as UserId, deadline }),
      store.execute(kind, { stream: 21 as UserId }),
    ]);
    expect(outcomes).toEqual([REFUSED, expect.objectContaining({ kind: 'recorded', version: 1 })]);
    expect(await Promise.all([version(20), version(21)])).toEqual([0, 1]);
    expect(transactions).toBe(2);
  });

  it('are refused at once when too many are waiting', async () => {
    const release = await holdLanes([30, 31]);
    const waiting = Array.from({ length: 2_000 }, (_, index) => append(1_000 + index));
    expect(await append(32)).toEqual(REFUSED);
    expect(refusals).toEqual(['queue-full']);
    await release();
    expect((await Promise.all(waiting)).every(({ kind }) => kind === 'recorded')).toBe(true);
    expect(await append(32)).toMatchObject({ kind: 'recorded' });
  });

  it('of one stream cannot fill the queue', async () => {
    const release = await holdLanes([33, 34]);
    const waiting = Array.from({ length: 500 }, () => append(35));
    expect(await append(35)).toEqual(REFUSED);
    expect(refusals).toEqual(['queue-full']);
    const other = append(36);
    await release();
    expect(await other).toMatchObject({ kind: 'recorded' });
    expect((await Promise.all(waiting)).every(({ kind }) => kind === 'recorded')).toBe(true);
  });

  it('do not check their precondition when they are refused at once', async () => {
    const precondition = jest.fn(() => Promise.resolve(undefined));
    expect(await store.execute(post, { stream: 37 as UserId, deadline: within(-1) }, precondition)).toEqual(REFUSED);
    expect(precondition).not.toHaveBeenCalled();
  });

  it('keep their place in the stream while a precondition is checked, without blocking other streams', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const order: string[] = [];
    const named = (name: string, stream: number, precondition?: Promise<undefined>) =>
      store
        .execute(post, { stream: stream as UserId }, precondition && (() => precondition))
        .then(() => order.push(name));
    const all = [named('first', 40, promise), named('second', 40)];
    await named('other', 41);
    resolve(undefined);
    await Promise.all(all);
    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('are rejected by a precondition or fail with it, and the next command of the stream runs', async () => {
    const outcomes = await Promise.allSettled([
      store.execute(post, { stream: 50 as UserId }, () => Promise.resolve('OBJECT_NOT_FOUND')),
      store.execute(post, { stream: 50 as UserId }, () => Promise.reject(new Error('no answer'))),
      store.execute(post, { stream: 50 as UserId }),
    ]);
    expect(outcomes).toMatchObject([
      { value: { kind: 'rejected', code: 'OBJECT_NOT_FOUND' } },
      { reason: { message: 'no answer' } },
      { value: { kind: 'recorded', version: 1 } },
    ]);
  });

  it('are refused at their deadline when a precondition is still unanswered', async () => {
    const late = store.execute(
      post,
      { stream: 60 as UserId, deadline: within(300) },
      () => new Promise(() => undefined),
    );
    const next = append(60);
    expect(await late).toEqual(REFUSED);
    expect(await next).toMatchObject({ kind: 'recorded', version: 1 });
  });

  it('are cancelled by the database at their deadline, and the others are retried without them', async () => {
    let transactions = 0;
    const slow: Kind = {
      ...post,
      facts: async (tx, commands) => {
        if (transactions++ === 0) await tx.query('SELECT pg_sleep(20)');
        return commands.map(() => null);
      },
    };
    const begun = performance.now();
    const outcomes = await Promise.all([
      store.execute(slow, { stream: 80 as UserId, deadline: within(2_000) }),
      store.execute(slow, { stream: 81 as UserId, deadline: within(20_000) }),
    ]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(outcomes).toEqual([REFUSED, expect.objectContaining({ kind: 'recorded', version: 1 })]);
    expect(await Promise.all([version(80), version(81)])).toEqual([0, 1]);
    expect([transactions, refusals]).toEqual([2, ['expired']]);
    expect(await append(80)).toMatchObject({ kind: 'recorded', version: 1 });
  });

  const itLocally = postgresPid() ? it : it.skip;
  itLocally('are not committed by a database that was frozen before it received the COMMIT', async () => {
    let pid = 0;
    const frozen: Partial<Kind> = {
      facts: async (tx, commands) => {
        pid = (await tx.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
        return commands.map(() => null);
      },
      // The last call before the COMMIT is sent.
      project: () => {
        process.kill(pid, 'SIGSTOP');
        return undefined;
      },
    };
    const deadline = within(1_500);
    try {
      await expect(append(70, deadline, frozen)).rejects.toThrow('Connection terminated');
      expect(performance.now() - deadline.at).toBeLessThan(10_000);
      expect(await append(71)).toMatchObject({ kind: 'recorded' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually('the connection has ended', async () => {
      const { rowCount } = await database.pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
      return rowCount === 0;
    });
    expect(await version(70)).toBe(0);
  });
});
