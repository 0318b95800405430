import { type EventTime, type NewEvent, toExactMicroseconds, type UserId } from '@activity-feed/contracts';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import type { CommandKind, StreamCommand } from './command-kind';
import { accept, reject, unchanged } from './decision';
import { EventStore } from './event-store';

type Posted = NewEvent<'activity.object-posted.v1'>;

const user = (id: number) => ({ id: id as UserId, name: `user_${id}` });

const posted = (stream: number): Posted => ({
  type: 'activity.object-posted.v1',
  data: { actor: user(stream), object: { type: 'post', id: 1, content: 'text' } },
});

describe('the event store', () => {
  let database: TestDatabase;
  let store: EventStore;
  let recorded = 0;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
    store = new EventStore(database.pool, () => recorded++);
  });
  afterAll(() => database?.drop());

  type Kind<Facts> = CommandKind<StreamCommand, Facts, Posted>;

  /** Accepts every command; tests override parts of it. */
  const post: Kind<null> = {
    name: 'post',
    facts: async (_, commands) => commands.map(() => null),
    decide: (_, { stream }) => accept(posted(stream)),
    project: () => undefined,
  };
  const append = (stream: number, kind: Partial<Kind<null>> = {}) =>
    store.execute({ ...post, ...kind }, { stream: stream as UserId });

  const times = async (stream: number) => {
    const { rows } = await database.pool.query<{ micros: string; version: number }>(
      `SELECT version, (extract(epoch FROM time) * 1000000)::bigint::text AS micros
       FROM events WHERE stream = $1 ORDER BY version`,
      [stream],
    );
    return rows.map(({ micros }) => BigInt(micros));
  };

  it('assigns versions 1 to 32 to 32 concurrent appends to a stream', async () => {
    const outcomes = await Promise.all(Array.from({ length: 32 }, () => append(1)));
    const versions = outcomes.map((outcome) => (outcome.kind === 'recorded' ? outcome.version : 0));
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    expect(await store.version(1 as UserId)).toBe(32);
  });

  it('assigns increasing times within a stream, even when the clock goes back', async () => {
    const future = "clock_timestamp() + interval '1 hour'";
    await append(2);
    // An event from the future looks the same as a clock that was set back.
    await database.pool.query(
      `INSERT INTO events (event_id, stream, version, type, data, time)
       SELECT gen_random_uuid(), stream, 2, type, data, ${future} FROM events WHERE stream = 2`,
    );
    await Promise.all(Array.from({ length: 8 }, () => append(2)));
    const all = await times(2);
    expect(all).toHaveLength(10);
    expect(new Set(all).size).toBe(10);
    expect(all).toEqual([...all].sort((a, b) => (a < b ? -1 : 1)));
    expect(all[9]).toBe((all[1] as bigint) + 8n);
  });

  it('appends several events to a stream in one command, with growing versions and times', async () => {
    const [own, other] = [71, 72] as UserId[];
    const several: Kind<null> = {
      ...post,
      decide: (_, { stream }) =>
        accept(posted(stream), [
          { stream: other as UserId, event: posted(72) },
          { stream, event: posted(stream) },
          { stream, event: posted(stream) },
        ]),
    };
    const execute = () => store.execute(several, { stream: own as UserId, alsoOn: [other as UserId] });
    const outcomes = await Promise.all([execute(), append(72), execute(), append(71)]);
    const versions = outcomes.map((outcome) =>
      outcome.kind === 'recorded'
        ? [outcome.event, ...outcome.also].map(({ stream, version }) => [stream, version])
        : [],
    );
    expect(versions).toEqual([
      [
        [71, 1],
        [72, 1],
        [71, 2],
        [71, 3],
      ],
      [[72, 2]],
      [
        [71, 4],
        [72, 3],
        [71, 5],
        [71, 6],
      ],
      [[71, 7]],
    ]);
    for (const stream of [71, 72]) {
      const all = await times(stream);
      expect(new Set(all).size).toBe(all.length);
      expect(all).toEqual([...all].sort((a, b) => (a < b ? -1 : 1)));
    }
    const { rows } = await database.pool.query('SELECT version::int FROM events WHERE stream = 71 ORDER BY position');
    expect(rows.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('returns the stored time to the microsecond', async () => {
    const outcome = await append(3);
    const time = outcome.kind === 'recorded' ? outcome.event.time : '';
    expect(toExactMicroseconds(time as EventTime)).toBe((await times(3))[0]);
  });

  it('records nothing when the decision is rejected or unchanged, and returns the version if unchanged', async () => {
    await append(4);
    const before = recorded;
    expect(await append(4, { decide: () => reject('USER_NOT_FOUND') })).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
    expect(await append(4, { decide: () => unchanged() })).toEqual({ kind: 'unchanged', version: 1 });
    expect(await append(5, { decide: () => unchanged() })).toEqual({ kind: 'unchanged', version: 0 });
    expect(await store.version(4 as UserId)).toBe(1);
    expect(recorded).toBe(before);
  });

  it('rolls the event back when its projection fails', async () => {
    const failing = append(6, {
      project: () => ({ text: 'SELECT 1/0' }),
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(await store.version(6 as UserId)).toBe(0);
    expect((await append(6)).kind).toBe('recorded');
  });

  it('fails a command whose connection is lost between two statements, and carries out the next', async () => {
    const broken = append(8, {
      facts: async (tx) => {
        const { rows } = await tx.query('SELECT pg_backend_pid() AS pid');
        const ended = new Promise((resolve) => tx.once('end', resolve));
        await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
        await ended;
        return [null];
      },
    });
    await expect(broken).rejects.toThrow();
    expect((await append(8)).kind).toBe('recorded');
    expect(await store.version(8 as UserId)).toBe(1);
  });

  it('batches commands on different streams, each with its own outcome', async () => {
    const batches: number[] = [];
    const mixed: Kind<null> = {
      ...post,
      facts: async (_, commands) => {
        batches.push(commands.length);
        return commands.map(() => null);
      },
      decide: (_, { stream }) => (stream === 103 ? reject('USER_NOT_FOUND') : accept(posted(stream))),
    };
    const streams = [100, 101, 102, 103, 104, 100] as UserId[];
    const outcomes = await Promise.all(streams.map((stream) => store.execute(mixed, { stream })));
    expect(outcomes.map((outcome) => (outcome.kind === 'recorded' ? outcome.version : outcome.kind))).toEqual([
      1,
      1,
      1,
      'rejected',
      1,
      2,
    ]);
    expect(batches).toEqual([5, 1]);
  });

  it('records the other commands of a batch when one has invalid data', async () => {
    const refusing: Kind<null> = {
      ...post,
      project: (recorded) => ({
        text: 'SELECT 1 / (stream - 111) FROM unnest($1::int[]) AS stream',
        values: [recorded.map(({ command }) => command.stream)],
      }),
    };
    const streams = [110, 111, 112] as UserId[];
    const outcomes = await Promise.allSettled(streams.map((stream) => store.execute(refusing, { stream })));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await Promise.all(streams.map((stream) => store.version(stream)))).toEqual([1, 0, 1]);
  });

  it('reads facts only after it has locked the stream', async () => {
    const seen: number[] = [];
    const counting: Kind<number> = {
      ...post,
      facts: async (tx, commands) => {
        const { rows } = await tx.query('SELECT count(*)::int AS count FROM events WHERE stream = 7');
        return commands.map(() => rows[0].count);
      },
      decide: (count) => {
        seen.push(count);
        return accept(posted(7));
      },
    };
    // The second store plays another instance, which does not share this one's queue.
    const stores = [store, new EventStore(database.pool, () => undefined)];
    const counts = Array.from({ length: 8 }, (_, index) =>
      (stores[index % 2] as EventStore).execute(counting, { stream: 7 as UserId }),
    );
    await Promise.all(counts);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each(['UPDATE events SET version = 9 WHERE stream = 1', 'DELETE FROM events WHERE stream = 1', 'TRUNCATE events'])(
    'refuses to change recorded events: %s',
    async (statement) => {
      await expect(database.pool.query(statement)).rejects.toThrow('append-only');
    },
  );
});
