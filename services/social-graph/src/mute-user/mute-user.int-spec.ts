import type { EventTime, User, WriteAnswer } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { FindHiddenHandler } from '../find-hidden/find-hidden.handler';
import { FindProfileHandler } from '../find-user/find-profile.handler';
import { MuteUserHandler } from './mute-user.handler';

const anna = { id: 1, name: 'anna' } as User;
const LATER = '2099-02-10T12:00:00.000000+00:00' as EventTime;
const PAST = '2019-02-10T12:00:00.000000+00:00' as EventTime;

describe('muting on a real database', () => {
  let database: TestDatabase;
  let handler: MuteUserHandler;
  let lists: FindHiddenHandler;
  let profiles: FindProfileHandler;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    await database.pool.query(
      "INSERT INTO users SELECT place, name, now(), now() FROM unnest('{anna,bert,carl}'::text[]) WITH ORDINALITY AS u(name, place)",
    );
    handler = new MuteUserHandler(new EventStore(database.pool, () => undefined), database.pool);
    lists = new FindHiddenHandler(database.pool);
    profiles = new FindProfileHandler(database.pool);
  });
  afterAll(() => database?.drop());

  const outcomeOf = (answer: WriteAnswer) => (answer.ok ? answer.value.outcome : answer.code);
  const mute = async (name: string, only: 'shares' | null, until: EventTime | null = null) =>
    outcomeOf(await handler.mute({ actor: anna, name, only, until }));
  const unmute = async (name: string, only: 'shares' | null) =>
    outcomeOf(await handler.unmute({ actor: anna, name, only }));
  const muted = async () => {
    const answer = await lists.handle({ list: 'mutes', reader: anna.id, limit: 10 });
    return answer.ok && answer.value.users.map(({ name, only, until }) => [name, only, until]);
  };
  const mutesOf = async (name: string) => {
    const answer = await profiles.handle({ name, reader: anna.id });
    return answer.ok && answer.value.mutes;
  };

  it('has two switches for each user, which do not change each other', async () => {
    expect(await mute('bert', null)).toBe('recorded');
    expect(await mute('bert', 'shares', LATER)).toBe('recorded');
    expect(await mutesOf('bert')).toEqual({ all: true, shares: true });
    expect(await muted()).toEqual([
      ['bert', 'shares', LATER],
      ['bert', null, null],
    ]);
    expect(await unmute('bert', null)).toBe('recorded');
    expect(await mutesOf('bert')).toEqual({ all: false, shares: true });
    expect(await muted()).toEqual([['bert', 'shares', LATER]]);
  });

  it('is not repeated, but gets another end', async () => {
    expect(await mute('carl', null)).toBe('recorded');
    expect(await mute('carl', null)).toBe('unchanged');
    expect(await mute('carl', null, LATER)).toBe('recorded');
    expect(await mute('carl', null, LATER)).toBe('unchanged');
    expect(((await muted()) as unknown[])[0]).toEqual(['carl', null, LATER]);
    expect(await unmute('carl', null)).toBe('recorded');
    expect(await unmute('carl', null)).toBe('unchanged');
  });

  it('ends by itself', async () => {
    expect(await mute('carl', null, PAST)).toBe('recorded');
    expect([await mutesOf('carl'), await unmute('carl', null)]).toEqual([{ all: false, shares: false }, 'unchanged']);
    expect(await muted()).toEqual([['bert', 'shares', LATER]]);
    expect(await mute('carl', null)).toBe('recorded');
  });

  it('refuses oneself and nobody', async () => {
    expect(await mute('anna', null)).toBe('CANNOT_MUTE_SELF');
    expect(await mute('nobody', null)).toBe('USER_NOT_FOUND');
  });

  it('records events of one stream, in its order', async () => {
    const { rows } = await database.pool.query('SELECT version::int, type FROM private_events ORDER BY position');
    expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
    expect(new Set(rows.map(({ type }) => type))).toEqual(
      new Set(['social-graph.user-muted.v1', 'social-graph.user-unmuted.v1']),
    );
  });
});
