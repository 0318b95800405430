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
    store = new EventStore(
      pool as unknown as Pool,
      () => undefined,
      (why) => refusals.push(why),
    );
  });
  afterEach(() => jest.useRealTimers());

  /** Carries out two commands; the first transaction is cancelled after `elapsed` milliseconds. */
  function execute(elapsed: number) {
    const kind: CommandKind<StreamCommand, null, NewEvent> = {
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
