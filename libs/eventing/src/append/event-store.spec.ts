import { EventEmitter } from 'node:events';
import type { NewEvent, UserId } from '@activity-feed/contracts';
import { DatabaseError, type Pool } from 'pg';
import type { CommandKind, StreamCommand } from './command-kind';
import { reject } from './decision';
import { EventStore, type Refusal } from './event-store';

const LATE = 1_000;

describe('commands of a transaction that the database has cancelled', () => {
  let store: EventStore;
  let refusals: Refusal[];
  let transactions: number[];

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const client = { query: async () => ({ rows: [] }), release: () => undefined };
    const pool = { connect: async () => Object.assign(new EventEmitter(), client) };
    [refusals, transactions] = [[], []];
    store = new EventStore(pool as unknown as Pool, () => undefined, { refused: (why) => refusals.push(why) });
  });
  afterEach(() => jest.useRealTimers());

  /** Carries out two commands; the first transaction is cancelled after `elapsed` milliseconds. */
  function execute(elapsed: number) {
    const kind: CommandKind<StreamCommand, null, NewEvent> = {
      name: 'post',
      facts: async (_, commands) => {
        transactions.push(commands.length);
        if (transactions.length > 1) return commands.map(() => null);
        jest.advanceTimersByTime(elapsed);
        throw Object.assign(new DatabaseError('transaction timeout', 0, 'error'), { code: '25P04' });
      },
      decide: () => reject('USER_NOT_FOUND'),
      project: () => undefined,
    };
    const deadlines = [LATE, 10 * LATE].map((time) => ({ at: performance.now() + time }));
    return Promise.allSettled(
      deadlines.map((deadline, stream) => store.execute(kind, { stream: (stream + 1) as UserId, deadline })),
    );
  }

  it('are refused if they are late; the others are carried out', async () => {
    expect(await execute(LATE)).toMatchObject([
      { value: { kind: 'rejected', code: 'SERVICE_UNAVAILABLE' } },
      { value: { kind: 'rejected', code: 'USER_NOT_FOUND' } },
    ]);
    expect(transactions).toEqual([2, 1]);
    expect(refusals).toEqual(['expired']);
  });

  it('fail if none of them is late', async () => {
    expect(await execute(0)).toMatchObject([{ reason: { code: '25P04' } }, { reason: { code: '25P04' } }]);
    expect(transactions).toEqual([2]);
  });
});

describe('commands that need the streams of other users', () => {
  // The search for late commands would never end.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('are refused if 20 on the same streams wait, while other users’ commands on these streams are not', async () => {
    const refusals: Refusal[] = [];
    // Without a connection all commands wait.
    const pool = { connect: () => new Promise(() => undefined) };
    const store = new EventStore(pool as Partial<Pool> as Pool, () => undefined, {
      refused: (why) => refusals.push(why),
    });
    const kind = {} as CommandKind<StreamCommand, null, NewEvent>;
    const [victim, other] = [1, 2] as UserId[] as [UserId, UserId];
    for (let command = 0; command < 20; command++) void store.execute(kind, { stream: 9 as UserId, alsoOn: [victim] });
    const refused = store.execute(kind, { stream: 9 as UserId, alsoOn: [victim] });
    await expect(refused).resolves.toEqual({ kind: 'rejected', code: 'SERVICE_UNAVAILABLE' });
    expect(refusals).toEqual(['queue-full']);
    void store.execute(kind, { stream: victim });
    void store.execute(kind, { stream: other, alsoOn: [victim] });
    expect(refusals).toHaveLength(1);
  });
});
