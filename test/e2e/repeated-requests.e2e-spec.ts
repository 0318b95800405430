import { Client } from 'pg';
import type { ApiAnswer, ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { isReplayed, type KeyedRequest, keyed, sendKeyed } from '../harness/keyed-requests';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

jest.setTimeout(180_000);

const WRITERS = 4;
/** Writes of each writer between two kills. */
const WRITES = 10;
/** An advisory lock for which commits wait. */
const COMMITS = 90_210;

const HOLD_COMMITS = `
CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${COMMITS});
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_commits AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION hold_commit()`;

/** Of transactions that wait to commit. */
const HELD = `
SELECT count(*)::int AS count FROM pg_locks
WHERE locktype = 'advisory' AND objid = ${COMMITS} AND mode = 'ShareLock' AND database = (
  SELECT oid FROM pg_database WHERE datname = current_database())`;

let system: System;
const clients = {} as Record<'activity' | 'social-graph', Client>;
beforeAll(async () => {
  system = await System.start();
  for (const service of ['activity', 'social-graph'] as const) {
    clients[service] = new Client({ connectionString: system.databases[service] });
    await clients[service].connect();
  }
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await system?.stop();
});

const processOf = (name: 'gateway' | 'activity' | 'social-graph'): ServiceProcess =>
  name === 'gateway' ? (system.gateways[0] as ServiceProcess) : system.services[name];

const eventsOf = async (database: Client, actor: string): Promise<string[]> => {
  const text = `
SELECT coalesce(data -> 'object' ->> 'content', type) AS event FROM events WHERE data -> 'actor' ->> 'name' = $1 ORDER BY version`;
  return (await database.query<{ event: string }>(text, [actor])).rows.map(({ event }) => event);
};

/** Repeats a request until it is answered, as a client does after a 503, a conflict in time or a lost connection. */
const untilAnswered = (api: ApiClient, wanted: KeyedRequest, key: string): Promise<ApiAnswer> =>
  eventually(
    `${key} is answered`,
    async () => {
      const answer = await sendKeyed(api, wanted, key).catch(() => undefined);
      if (!answer || answer.status === 503 || answer.body.code === 'IDEMPOTENCY_KEY_IN_USE') return undefined;
      return answer;
    },
    { within: 100_000 },
  );

describe('a request whose answer is lost, as the process is killed while its event is being committed', () => {
  const POST = { path: '/post', body: { type: 'post', content: 'Once' } };
  const FOLLOW = { path: '/follow', body: { follow: 'nico' } };

  beforeAll(async () => {
    for (const client of Object.values(clients)) await client.query(HOLD_COMMITS);
  });
  afterAll(async () => {
    for (const client of Object.values(clients)) await client.query('DROP TRIGGER hold_commits ON events');
  });

  it.each([
    ['gateway', 'activity', POST, 'Once'],
    ['activity', 'activity', POST, 'Once'],
    ['gateway', 'social-graph', FOLLOW, 'social-graph.user-followed.v1'],
    ['social-graph', 'social-graph', FOLLOW, 'social-graph.user-followed.v1'],
  ] as const)('is recorded once: %s is killed, %s commits', async (killed, service, wanted, event) => {
    const name = `held_${killed}_${service}`.replaceAll('-', '_');
    const user = await system.as(name);
    const database = clients[service];
    const ofRequest = async () => (await eventsOf(database, name)).filter((one) => one === event);
    const held = async () => (await database.query<{ count: number }>(HELD)).rows[0]?.count;
    await database.query(`SELECT pg_advisory_lock(${COMMITS})`);
    try {
      const lost = sendKeyed(user, wanted, 'key').then(
        () => 'answered',
        () => 'lost',
      );
      await eventually('its commit waits', async () => (await held()) === 1);
      await processOf(killed).end('SIGKILL');
      // A service that is killed is reported by the gateway; a gateway that is killed closes the connection.
      expect(await lost).toBe(killed === 'gateway' ? 'lost' : 'answered');
    } finally {
      await database.query(`SELECT pg_advisory_unlock(${COMMITS})`);
    }
    await eventually('the transaction has ended', async () => (await held()) === 0);
    await processOf(killed).start();
    // PostgreSQL cancels the transaction if all that took long.
    const recorded = (await ofRequest()).length;
    const answer = await untilAnswered(user, wanted, 'key');
    expect(answer.status).toBe(200);
    if (recorded === 1) expect(isReplayed(answer)).toBe(true);
    expect(await ofRequest()).toHaveLength(1);
    const again = await keyed(user, wanted, 'key');
    expect([again.body, isReplayed(again)]).toEqual([answer.body, true]);
  });
});

/** Posts and shares in turn, each until it is answered, until stopped. */
class Writer {
  readonly answers: { wanted: KeyedRequest; key: string; answer: ApiAnswer }[] = [];
  private stopped = false;

  constructor(
    readonly name: string,
    private readonly api: ApiClient,
    private readonly photo: string,
  ) {}

  async write(): Promise<void> {
    for (let count = 0; !this.stopped; count++) {
      const key = `${this.name} ${count}`;
      const wanted =
        count % 2
          ? { path: '/activity', body: { verb: 'share', object: this.photo } }
          : { path: '/post', body: { type: 'post', content: key } };
      const answer = await untilAnswered(this.api, wanted, key);
      expect(answer.status).toBe(200);
      this.answers.push({ wanted, key, answer });
    }
  }

  stop(): void {
    this.stopped = true;
  }

  repeat = (wanted: KeyedRequest, key: string) => untilAnswered(this.api, wanted, key);
}

it('users who write with keys and repeat what is not answered, while processes are killed, record each write once', async () => {
  const photo = await (await system.as('ivan')).photo();
  const writers: Writer[] = [];
  for (let index = 0; index < WRITERS; index++) {
    const name = `keyed_writer_${index}`;
    writers.push(new Writer(name, await system.as(name), photo));
  }
  const writing = Promise.all(writers.map((writer) => writer.write()));
  const progress = async () => {
    const before = writers.map(({ answers }) => answers.length);
    await eventually(
      'all continue to write',
      () => writers.every(({ answers }, index) => answers.length >= (before[index] as number) + WRITES),
      { within: 100_000 },
    );
  };
  await progress();
  for (const name of ['activity', 'gateway', 'activity', 'gateway', 'social-graph'] as const) {
    await processOf(name).end('SIGKILL');
    await processOf(name).start();
    await progress();
  }
  for (const writer of writers) writer.stop();
  await writing;

  for (const { name, answers, repeat } of writers) {
    const events = await eventsOf(clients.activity, name);
    const expected = answers.map(({ wanted, key }) => (wanted.path === '/post' ? key : 'activity.object-shared.v1'));
    expect(events).toEqual(expected);
    for (const { wanted, key, answer } of answers) {
      const again = await repeat(wanted, key);
      expect([again.body, again.headers.get('consistency-token'), isReplayed(again)]).toEqual([
        answer.body,
        answer.headers.get('consistency-token'),
        true,
      ]);
    }
  }
});
