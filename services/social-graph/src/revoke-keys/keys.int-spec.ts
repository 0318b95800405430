import {
  type Answer,
  type EventTime,
  hashKey,
  type Idempotency,
  type IssuedKey,
  type KeyHolder,
  type User,
} from '@activity-feed/contracts';
import { eventually } from '../../../../test/harness/eventually';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { Announcements } from '../announce-writes/announcements';
import { migrations } from '../database/migrations';
import { FindKeysHandler } from '../find-keys/find-keys.handler';
import { IssueKeyHandler } from '../issue-key/issue-key.handler';
import { FindRefusedKeysHandler } from '../resolve-key/find-refused-keys.handler';
import { ResolveKeyHandler } from '../resolve-key/resolve-key.handler';
import { RevokeKeysHandler } from './revoke-keys.handler';

const ANNA = { id: 1, name: 'anna' } as User;
const BERT = { id: 2, name: 'bert' } as User;
const HOUR = /^\d{4}-\d\d-\d\dT\d\d:00:00\.000000\+00:00$/;

const hexOf = (key: string) => hashKey(key).toString('hex');
const holderOf = (actor: User, key: string): KeyHolder => ({ actor, keyHash: hexOf(key) });

function answered<Value>(answer: Answer<Value>): Value {
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
}

describe('the keys of users on a real database', () => {
  let database: TestDatabase;
  let redis: ReturnType<typeof patientRedis>;
  let handlers: ReturnType<typeof create>;

  function create(pool: TestDatabase['pool']) {
    return {
      issue: new IssueKeyHandler(pool),
      revoke: new RevokeKeysHandler(pool, new Announcements(redis, ''), silent),
      find: new FindKeysHandler(pool),
      resolve: new ResolveKeyHandler(pool),
      refused: new FindRefusedKeysHandler(pool),
    };
  }

  beforeEach(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = patientRedis(`${uniqueName()}.`);
    handlers = create(database.pool);
    for (const { id, name } of [ANNA, BERT]) {
      await database.pool.query('INSERT INTO users VALUES ($1, $2, now(), now())', [id, name]);
      // As the previous version does.
      await database.pool.query('INSERT INTO keys (key_hash, user_id, created_at) VALUES ($1, $2, now())', [
        hashKey(`first of ${name}`),
        id,
      ]);
    }
  });
  afterEach(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  const FIRST = 'first of anna';
  const anna = (key = FIRST) => holderOf(ANNA, key);
  const issue = async (
    name: string,
    more: { holder?: KeyHolder; expiresAt?: string; idempotency?: Idempotency } = {},
  ): Promise<Answer<Required<IssuedKey>>> => {
    const { holder = anna(), expiresAt = null, ...rest } = more;
    const command = { holder, name, expiresAt: expiresAt as EventTime | null, ...rest };
    return (await handlers.issue.handle(command)) as Answer<Required<IssuedKey>>;
  };
  const revoke = async (id: number, holder = anna()) => {
    const answer = await handlers.revoke.revoke({ holder, id });
    return answer.ok ? answer.value.count : answer.code;
  };
  const list = async (user = ANNA) => answered(await handlers.find.handle({ user: user.id }));
  const resolve = async (key: string) => {
    const answer = await handlers.resolve.handle({ keyHash: hexOf(key), withExpiry: true });
    return answer.ok ? answer.value : answer.code;
  };
  const refused = async (...keys: string[]) =>
    answered(await handlers.refused.handle({ keyHashes: keys.map(hexOf) })).length;
  const expire = (id: number) =>
    database.pool.query("UPDATE keys SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);

  it('are issued, listed newest first, and revoked', async () => {
    const issued = answered(await issue('laptop', { expiresAt: '2999-01-01T00:00:00.000000+00:00' }));
    const key = { id: issued.id, name: 'laptop', createdAt: issued.createdAt, lastUsedAt: null };
    const first = { name: '', createdAt: expect.any(String), lastUsedAt: null, expiresAt: null };
    expect(await list()).toEqual([
      { ...key, expiresAt: '2999-01-01T00:00:00.000000+00:00' },
      { ...first, id: expect.any(Number) },
    ]);
    expect(await resolve(issued.authToken)).toEqual({ ...ANNA, expiresIn: expect.any(Number) });
    expect(await resolve(FIRST)).toEqual(ANNA);
    expect(await revoke(issued.id)).toBe(1);
    expect(await resolve(issued.authToken)).toBe('KEY_INVALID');
    expect(await revoke(issued.id)).toBe('KEY_NOT_FOUND');
    const { rows } = await database.pool.query('SELECT * FROM keys');
    expect(JSON.stringify(rows)).not.toContain(issued.authToken);
  });

  it('belong to one user alone', async () => {
    const [ofBert] = await list(BERT);
    answered(await issue('laptop'));
    expect(await revoke(ofBert?.id as number)).toBe('KEY_NOT_FOUND');
    expect(await resolve('first of bert')).toEqual(BERT);
  });

  it('stay at least one: of two that are revoked at the same time, one is kept', async () => {
    for (let round = 0; round < 10; round++) {
      const other = answered(await issue('other'));
      const ids = (await list()).map(({ id }) => id);
      const first = ids.find((id) => id !== other.id) as number;
      // Each by the other one.
      const outcomes = await Promise.all([revoke(other.id), revoke(first, anna(other.authToken))]);
      const kept = await list();
      expect(kept).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(1);
      expect(['KEY_INVALID', 'KEY_IS_LAST']).toContain(outcomes.find((outcome) => outcome !== 1));
      if (outcomes[1] === 1)
        await database.pool.query('UPDATE keys SET key_hash = $1 WHERE user_id = 1', [hashKey(FIRST)]);
    }
  });

  it('that have expired are refused, do not count as the last one, and can be revoked', async () => {
    const expired = answered(await issue('expired'));
    expect(await refused(FIRST, expired.authToken)).toBe(0);
    await expire(expired.id);
    expect(await resolve(expired.authToken)).toBe('KEY_INVALID');
    expect(await refused(FIRST, expired.authToken, 'unknown')).toBe(2);
    const first = (await list()).find(({ name }) => name === '')?.id as number;
    expect(await revoke(first)).toBe('KEY_IS_LAST');
    expect(await issue('more', { holder: anna(expired.authToken) })).toEqual({ ok: false, code: 'KEY_INVALID' });
    expect(await revoke(expired.id)).toBe(1);
  });

  it('are issued by no key that was revoked meanwhile', async () => {
    const stolen = answered(await issue('stolen'));
    const [outcome, issued] = await Promise.all([
      revoke(stolen.id),
      issue('of the thief', { holder: anna(stolen.authToken) }),
    ]);
    expect(outcome).toBe(1);
    // Either it came first, and is listed, or it is refused.
    expect((await list()).some(({ name }) => name === 'of the thief')).toBe(issued.ok);
    expect(await issue('of the thief', { holder: anna(stolen.authToken) })).toEqual({ ok: false, code: 'KEY_INVALID' });
    expect(await revoke(1, anna(stolen.authToken))).toBe('KEY_INVALID');
  });

  it('are 50 at most, however many are issued at once', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, place) => issue(`${place}`)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(49);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'KEYS_TOO_MANY' });
    expect(await list()).toHaveLength(50);
  });

  it('are all revoked by an operator, who can issue another one', async () => {
    answered(await issue('laptop'));
    const answer = await handlers.revoke.revokeAll({ holder: { name: 'anna' } });
    expect(answer).toEqual({ ok: true, value: { count: 2, token: 'social-graph.1.0' } });
    expect(await list()).toEqual([]);
    expect(await list(BERT)).toHaveLength(1);
    const again = answered(await issue('again', { holder: { name: 'anna' } }));
    expect(await resolve(again.authToken)).toEqual(ANNA);
    const nobody = { ok: false, code: 'USER_NOT_FOUND' };
    expect(await handlers.revoke.revokeAll({ holder: { name: 'nobody' } })).toEqual(nobody);
    expect(await issue('x', { holder: { name: 'nobody' } })).toEqual(nobody);
  });

  describe('with an idempotency key', () => {
    const idempotency = (key: string, fingerprint = 'f'): Idempotency => ({
      caller: ANNA.id,
      key: key.repeat(64),
      fingerprint: fingerprint.repeat(64),
    });

    it('are issued once, and shown once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => issue('laptop', { idempotency: idempotency('a') })),
      );
      const shown = answers.filter((answer) => answer.ok && !answer.replayed);
      expect(shown).toHaveLength(1);
      const { authToken, ...first } = answered(shown[0] as Answer<Required<IssuedKey>>);
      for (const answer of answers) if (answer.ok && answer.replayed) expect(answer.value).toEqual(first);
      expect(await list()).toHaveLength(2);
      expect(await resolve(authToken)).toMatchObject(ANNA);
      const { rows } = await database.pool.query('SELECT value FROM idempotency_keys');
      expect(rows).toEqual([{ value: first }]);
      expect(await issue('phone', { idempotency: idempotency('a', 'e') })).toEqual({
        ok: false,
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      expect(await list()).toHaveLength(2);
    });

    it('are revoked once, and announced each time', async () => {
      const { id } = answered(await issue('laptop'));
      const repeat = () => handlers.revoke.revoke({ holder: anna(), id, idempotency: idempotency('b') });
      const value = { count: 1, token: 'social-graph.1.0' };
      expect(await repeat()).toEqual({ ok: true, value });
      expect(await repeat()).toEqual({ ok: true, value, replayed: true });
      expect(await revoke(id)).toBe('KEY_NOT_FOUND');
    });

    it('are not kept if they are refused', async () => {
      const [first] = await list();
      const repeat = () =>
        handlers.revoke.revoke({ holder: anna(), id: first?.id as number, idempotency: idempotency('c') });
      expect(await repeat()).toEqual({ ok: false, code: 'KEY_IS_LAST' });
      answered(await issue('laptop'));
      expect(await repeat()).toMatchObject({ ok: true, value: { count: 1 } });
      expect(await repeat()).toEqual({ ok: false, code: 'KEY_INVALID' });
    });
  });

  it('of suspended users are refused', async () => {
    await database.pool.query('UPDATE users SET suspended = true WHERE id = 1');
    expect(await resolve(FIRST)).toBe('USER_SUSPENDED');
    expect(await refused(FIRST, 'first of bert')).toBe(1);
  });

  it('show the hour of their last use, which is noted once', async () => {
    await resolve(FIRST);
    const used = await eventually('the use is noted', async () => (await list())[0]?.lastUsedAt ?? undefined);
    expect(used).toMatch(HOUR);
    const versions = async () => (await database.pool.query('SELECT xmin::text FROM keys WHERE user_id = 1')).rows;
    const before = await versions();
    for (let count = 0; count < 5; count++) await resolve(FIRST);
    expect(await versions()).toEqual(before);
    await database.pool.query("UPDATE keys SET last_used_at = last_used_at - interval '1 hour' WHERE user_id = 1");
    await resolve(FIRST);
    await eventually('the next use is noted', async () => (await list())[0]?.lastUsedAt === used);
  });
});
