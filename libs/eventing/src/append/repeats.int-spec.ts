import type { Answer, Idempotency, NewEvent, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { eventually } from '../../../../test/harness/eventually';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { carryOut } from './carry-out';
import type { CommandKind, StreamCommand } from './command-kind';
import { accept, reject, unchanged } from './decision';
import { EventStore } from './event-store';
import { findKeptOutcomes, forgetOutcomes } from './kept-outcomes';
import type { CarriedOut } from './outcome';

type Posted = NewEvent<'activity.object-posted.v1'>;
type Kind = CommandKind<StreamCommand, null, Posted>;

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

const hex = (digit: string) => digit.repeat(64);
const keyOf = (caller: number, key = 'a', fingerprint = 'f'): Idempotency => ({
  caller: caller as UserId,
  key: hex(key),
  fingerprint: hex(fingerprint),
});

const answerOf = ({ kind, version }: CarriedOut<unknown>): Answer<string> => ({
  ok: true,
  value: `${kind} ${version}`,
});
const done = (value: string) => ({ ok: true, value });
const replayed = (value: string) => ({ ok: true, value, replayed: true });
const REUSED = { ok: false, code: 'IDEMPOTENCY_KEY_REUSED' };

describe('commands with idempotency keys', () => {
  let database: TestDatabase;
  let statements: string[];
  let store: EventStore;
  let stream = 0;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
  });
  afterAll(() => database?.drop());
  beforeEach(() => {
    statements = [];
    store = new EventStore(database.pool, () => undefined);
    stream++;
  });

  const send = (idempotency?: Idempotency, kind: Partial<Kind> = {}, more: Partial<StreamCommand> = {}, by = store) =>
    carryOut(by, { ...post, ...kind }, { stream: stream as UserId, idempotency, ...more }, answerOf);
  const version = (of = stream) => store.version(of as UserId);
  const kept = async (idempotency: Idempotency) => (await findKeptOutcomes(database.pool, [idempotency]))[0];

  it('are carried out once; repeats get the first answer', async () => {
    const key = keyOf(stream);
    expect(await send(key)).toEqual(done('recorded 1'));
    await send();
    expect(await send(key)).toEqual(replayed('recorded 1'));
    expect(await send(key)).toEqual(replayed('recorded 1'));
    expect(await version()).toBe(2);
    expect(await kept(key)).toEqual({ fingerprint: key.fingerprint, value: 'recorded 1' });
  });

  it('get the first answer even if they would be rejected meanwhile', async () => {
    await send(keyOf(stream));
    expect(await send(keyOf(stream), { decide: () => reject('OBJECT_NOT_FOUND') })).toEqual(replayed('recorded 1'));
  });

  it('are refused for another request, and change nothing', async () => {
    await send(keyOf(stream, 'a', 'f'));
    expect(await send(keyOf(stream, 'a', 'e'))).toEqual(REUSED);
    expect(await version()).toBe(1);
    expect(await send(keyOf(stream, 'a', 'f'))).toEqual(replayed('recorded 1'));
  });

  it('differ by caller and key', async () => {
    expect(await send(keyOf(stream, 'a'))).toEqual(done('recorded 1'));
    expect(await send(keyOf(stream, 'b'))).toEqual(done('recorded 2'));
    expect(await send(keyOf(stream + 1_000_000, 'a'))).toEqual(done('recorded 3'));
  });

  it.each(['one instance', 'two instances'])('are recorded once when many race: %s', async (instances) => {
    const other = instances === 'one instance' ? store : new EventStore(database.pool, () => undefined);
    const racing = Array.from({ length: 16 }, (_, index) => send(keyOf(stream), {}, {}, index % 2 ? other : store));
    const answers = await Promise.all(racing);
    expect(answers.filter((answer) => !('replayed' in answer))).toEqual([done('recorded 1')]);
    expect(new Set(answers.map((answer) => answer.ok && answer.value))).toEqual(new Set(['recorded 1']));
    expect(await version()).toBe(1);
  });

  it('of a caller race on different streams: two instances record one', async () => {
    const other = new EventStore(database.pool, () => undefined);
    const caller = stream + 2_000_000;
    const streams = Array.from({ length: 12 }, (_, index) => (stream * 100 + 3_000_000 + index) as UserId);
    const answers = await Promise.all(
      streams.map((one, index) => send(keyOf(caller), {}, { stream: one }, index % 2 ? other : store)),
    );
    expect(answers.filter((answer) => !('replayed' in answer))).toHaveLength(1);
    const versions = await Promise.all(streams.map((one) => version(one)));
    expect(versions.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('keep what changed nothing: a repeat changes nothing either', async () => {
    await send();
    expect(await send(keyOf(stream), { decide: () => unchanged() })).toEqual(done('unchanged 1'));
    expect(await send(keyOf(stream))).toEqual(replayed('unchanged 1'));
    expect(await version()).toBe(1);
  });

  it('do not keep rejections, nor answers that refuse', async () => {
    const refused = { ok: false, code: 'OBJECT_NOT_FOUND' };
    expect(await send(keyOf(stream), { decide: () => reject('OBJECT_NOT_FOUND') })).toEqual(refused);
    const command = { stream: stream as UserId, idempotency: keyOf(stream) };
    const nothing = { ...post, decide: () => unchanged() };
    const refuse = () => ({ ok: false, code: 'OBJECT_NOT_FOUND' }) as Answer<string>;
    expect(await carryOut(store, nothing, command, refuse)).toEqual(refused);
    expect(await kept(keyOf(stream))).toBeUndefined();
    expect(await send(keyOf(stream))).toEqual(done('recorded 1'));
  });

  it('keep nothing if the transaction is rolled back', async () => {
    await expect(send(keyOf(stream), { project: () => ({ text: 'SELECT 1/0' }) })).rejects.toThrow('division by zero');
    expect(await kept(keyOf(stream))).toBeUndefined();
    expect(await send(keyOf(stream))).toEqual(done('recorded 1'));
  });

  it('share a transaction with others, with and without keys', async () => {
    const streams = Array.from({ length: 6 }, (_, index) => (stream * 100 + 5_000_000 + index) as UserId);
    const [, , known] = streams as [UserId, UserId, UserId];
    await send(keyOf(known), {}, { stream: known });
    const batches: number[] = [];
    const facts: Kind['facts'] = async (_, commands) => {
      batches.push(commands.length);
      return commands.map(() => null);
    };
    const kind = { ...post, facts };
    const command = (one: UserId, index: number): StreamCommand => ({
      stream: one,
      idempotency: index % 2 ? undefined : keyOf(one),
    });
    const answers = await Promise.all(
      streams.map((one, index) => carryOut(store, kind, command(one, index), answerOf)),
    );
    expect(batches).toEqual([6]);
    expect(answers).toEqual(streams.map((one) => (one === known ? replayed : done)('recorded 1')));
    expect(await Promise.all(streams.map((one) => version(one)))).toEqual(streams.map(() => 1));
    const outcomes = await findKeptOutcomes(
      database.pool,
      streams.map((one) => keyOf(one)),
    );
    expect(outcomes.map((outcome) => outcome !== undefined)).toEqual([true, false, true, false, true, false]);
  });

  it('cost statements only if they have a key', async () => {
    const watched = new EventStore(watchedPool(), () => undefined);
    const withoutKeys = await statementsOf(() => send(undefined, {}, {}, watched));
    expect(withoutKeys.filter((name) => name.includes('outcomes'))).toEqual([]);
    const withKeys = await statementsOf(() => send(keyOf(stream), {}, {}, watched));
    expect(withKeys.filter((name) => name.includes('outcomes'))).toEqual(['find-kept-outcomes', 'keep-outcomes']);
    expect(withKeys.filter((name) => !name.includes('outcomes'))).toEqual(withoutKeys);
  });

  it('are forgotten after 24 hours, and can then be used for another request', async () => {
    const age = (hours: string) =>
      database.pool.query('UPDATE idempotency_keys SET recorded_at = recorded_at - $2::interval WHERE stream = $1', [
        stream,
        hours,
      ]);
    await send(keyOf(stream));
    await age('23 hours 59 minutes');
    expect(await send(keyOf(stream))).toEqual(replayed('recorded 1'));
    await age('1 minute');
    expect(await kept(keyOf(stream))).toBeUndefined();
    expect(await send(keyOf(stream, 'a', 'e'))).toEqual(done('recorded 2'));
    expect(await send(keyOf(stream, 'a', 'e'))).toEqual(replayed('recorded 2'));
  });

  it('are deleted in batches when they are forgotten, the oldest first', async () => {
    await database.pool.query('DELETE FROM idempotency_keys');
    for (const key of ['a', 'b', 'c', 'd']) await send(keyOf(stream, key));
    await database.pool.query("UPDATE idempotency_keys SET recorded_at = now() - interval '25 hours' WHERE key <> $1", [
      Buffer.from(hex('d'), 'hex'),
    ]);
    expect(await forgetOutcomes(database.pool, 2)).toBe(2);
    expect(await forgetOutcomes(database.pool, 2)).toBe(1);
    expect(await forgetOutcomes(database.pool, 2)).toBe(0);
    expect(await send(keyOf(stream, 'd'))).toEqual(replayed('recorded 4'));
  });

  it('wait for the first with the key, and are refused as in use if that takes too long', async () => {
    const { promise: released, resolve } = Promise.withResolvers<void>();
    let isHeld = false;
    const facts: Kind['facts'] = async (_, commands) => {
      isHeld = true;
      await released;
      return commands.map(() => null);
    };
    const first = send(keyOf(stream), { facts });
    await eventually('the first is in progress', () => isHeld);
    const patient = send(keyOf(stream));
    const late = { deadline: { at: performance.now() + 300 } };
    expect(await send(keyOf(stream), {}, late)).toEqual({ ok: false, code: 'IDEMPOTENCY_KEY_IN_USE' });
    // Behind the same stream, but not the same key.
    expect(await send(keyOf(stream, 'b'), {}, { deadline: { at: performance.now() + 300 } })).toEqual({
      ok: false,
      code: 'SERVICE_UNAVAILABLE',
    });
    resolve();
    expect(await first).toEqual(done('recorded 1'));
    expect(await patient).toEqual(replayed('recorded 1'));
  });

  /** The names of the statements that `work` sends in transactions. */
  async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    statements = [];
    await work();
    return statements;
  }

  function watchedPool(): Pool {
    const connect = async () => {
      const client = await database.pool.connect();
      return new Proxy(client, {
        get: (target, name) => {
          const value = Reflect.get(target, name);
          if (name === 'query') {
            return (statement: { name?: string; text?: string } | string, values?: unknown[]) => {
              statements.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text ?? ''));
              return target.query(statement as string, values);
            };
          }
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    return { connect } as unknown as Pool;
  }
});
