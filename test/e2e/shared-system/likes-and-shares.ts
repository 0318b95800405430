import type { ErrorCode } from '@activity-feed/contracts';
import { type ApiClient, request } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';
import { INVALID_OBJECTS } from '../invalid-objects';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const ROUNDS = 15;

const AUTHOR = 'lists_author';
const FAN = 'lists_fan';

const LISTS = [
  { list: 'likes', verb: 'like', other: 'shares', otherVerb: 'share' },
  { list: 'shares', verb: 'share', other: 'likes', otherVerb: 'like' },
] as const;

/** Declares the tests. */
export function testLikesAndShares(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
  });

  describe.each(LISTS)('GET /objects/{object}/$list', ({ list, verb, other, otherVerb }) => {
    async function listOf(object: string, reader = fan): Promise<{ user_name: string; time: string }[]> {
      return (await reader.get(`/objects/${object}/${list}`)).body[list];
    }

    it('is sorted newest first, with the same times as in feeds', async () => {
      const [object, another] = [await author.photo(), await author.photo()];
      const users = await Promise.all(['gero', 'hugo', 'ines'].map((name) => system().as(name)));
      for (const user of users) await user[verb](object);
      const times = await Promise.all(users.map(async (user) => (await user.myFeed())[0]?.time));
      await fan[verb](another);
      await fan[otherVerb](object);
      expect(await listOf(object)).toEqual([
        { user_name: 'ines', time: times[2] },
        { user_name: 'hugo', time: times[1] },
        { user_name: 'gero', time: times[0] },
      ]);
      expect(await listOf(another)).toEqual([{ user_name: FAN, time: expect.stringMatching(TIME) }]);
      expect(await listOf(await author.photo())).toEqual([]);
    });

    it(`has ${list === 'likes' ? 'one entry' : 'an entry for each time'} if a user repeats it`, async () => {
      const object = await author.photo();
      for (const user of [fan, author, fan]) await user[verb](object);
      const names = (await listOf(object)).map(({ user_name }) => user_name);
      expect(names).toEqual(list === 'likes' ? [AUTHOR, FAN] : [FAN, AUTHOR, FAN]);
    });

    it('has a new entry immediately, for all users', async () => {
      const object = await author.photo();
      for (let round = 1; round <= ROUNDS; round++) {
        await (await system().as(`user-${round}`))[verb](object);
        const entries = await listOf(object, author.at(system().address(round % 2)));
        expect(entries).toHaveLength(round);
        expect(entries[0]?.user_name).toBe(`user-${round}`);
      }
    });

    it('has pages without gaps or duplicates, despite new entries in between', async () => {
      const object = await author.photo();
      for (let id = 1; id <= 9; id++) await (await system().as(`before-${id}`))[verb](object);
      const seen: string[] = [];
      const start = `/objects/${object}/${list}?limit=2`;
      for (let url = start, round = 1; url !== ''; round++) {
        const { body } = await fan.get(url);
        seen.push(...body[list].map(({ user_name }: { user_name: string }) => user_name));
        expect(body.next_url === '' || body.next_url.startsWith(`${start}&cursor=`)).toBe(true);
        url = body.next_url;
        await (await system().as(`between-${round}`))[verb](object);
      }
      expect(seen).toEqual(Array.from({ length: 9 }, (_, index) => `before-${9 - index}`));
      expect((await fan.get(`/objects/${object}/${list}?limit=14`)).body).toMatchObject({ next_url: '' });
      expect((await fan.get(`/objects/${object}/${list}?limit=13`)).body.next_url).not.toBe('');
    });

    it('requires a key', async () => {
      const path = `/objects/photo:1/${list}`;
      expectError(await request(system().address(), path), 400, 'KEY_MISSING');
      expectError(await request(system().address(), path, { headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
    });

    it.each(INVALID_OBJECTS)('refuses %s', async (object, status, code) => {
      expectError(await fan.get(`/objects/${object}/${list}`), status, code);
    });

    it.each<[string, ErrorCode]>([
      ['limit=0', 'LIMIT_INVALID'],
      ['limit=201', 'LIMIT_INVALID'],
      ['limit=0&cursor=x', 'LIMIT_INVALID'],
      ['cursor=', 'CURSOR_INVALID'],
      [`cursor=${'_'.repeat(16)}`, 'CURSOR_INVALID'],
      ['cursor=a&cursor=b', 'CURSOR_INVALID'],
    ])('refuses ?%s', async (query, code) => {
      expectError(await fan.get(`/objects/${await author.photo()}/${list}?${query}`), 400, code);
    });

    it(`refuses a cursor of ${other}`, async () => {
      const object = await author.photo();
      for (const user of [author, fan]) await user[otherVerb](object);
      const { next_url } = (await fan.get(`/objects/${object}/${other}?limit=1`)).body;
      expectError(await fan.get(next_url.replace(`/${other}`, `/${list}`)), 400, 'CURSOR_INVALID');
    });

    it('rejects invalid consistency tokens', async () => {
      const headers = { 'consistency-token': 'activity.1.1, nonsense' };
      expectError(await fan.get(`/objects/photo:1/${list}`, headers), 400, 'CONSISTENCY_TOKEN_INVALID');
    });
  });
}
