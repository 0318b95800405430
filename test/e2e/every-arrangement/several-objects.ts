import type { ErrorCode } from '@activity-feed/contracts';
import { type ApiClient, request } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

const ROUNDS = 10;
const LIMIT = 200;

/** Declares the tests. */
export function testSeveralObjects(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  /** Photos and posts in turn; some liked, some shared, one edited. */
  let names: string[];
  /** For reads that require all of these writes. */
  let required: Record<string, string>;

  beforeAll(async () => {
    author = await system().as('several_author');
    fan = await system().as('several_fan');
    names = [];
    for (let index = 0; index < 8; index++) {
      const type = index % 2 ? 'post' : 'photo';
      names.push(`${type}:${(await author.post(type, `"${index}" \u{1F44D} 𝄞 é\n`)).body.object_id}`);
    }
    await fan.like(names[0] as string);
    await author.share(names[1] as string);
    const last = [await fan.share(names[1] as string), await author.edit(names[2] as string, 'edited')];
    required = { 'consistency-token': last.map(({ headers }) => headers.get('consistency-token')).join() };
  });

  const several = (client: ApiClient, wanted: readonly string[], headers = required) =>
    client.freshGet(`/objects?names=${wanted.join()}`, headers);

  it('are each as a request for it alone returns them, in the order of the names', async () => {
    for (const reader of [author, fan]) {
      for (const wanted of [names, names.toReversed(), names.slice(3, 4)]) {
        const { status, body } = await several(reader, wanted);
        expect(status).toBe(200);
        const alone = await Promise.all(wanted.map((name) => reader.freshGet(`/objects/${name}`, required)));
        expect(alone.map(({ status: each }) => each)).toEqual(wanted.map(() => 200));
        expect(body).toEqual({ objects: alone.map(({ body: object }) => object) });
      }
    }
    const { body } = await several(fan, names.slice(0, 3));
    expect(body.objects).toMatchObject([
      { likes: 1, shares: 0, liked: true, shared: false, edited_at: null },
      { likes: 0, shares: 2, liked: false, shared: true, edited_at: null },
      { likes: 0, shares: 0, content: 'edited', edited_at: expect.any(String) },
    ]);
  });

  it('are returned once, and left out if they do not exist', async () => {
    const [first, second] = names as [string, string];
    const unknown = ['photo:999999', 'photo:0', 'video:1', 'post:9007199254740991', 'post:99999999999999999999999'];
    const wanted = [second, ...unknown, first, second, first.replace(':', ':0')];
    const { body } = await several(fan, wanted);
    expect(body).toEqual((await several(fan, [second, first])).body);
    expect((await several(fan, unknown)).body).toEqual({ objects: [] });
  });

  it('may be 200', async () => {
    const photos = names.filter((name) => name.startsWith('photo'));
    const unknown = Array.from({ length: LIMIT - photos.length }, (_, index) => `photo:${999_000 + index}`);
    const wanted = [...unknown, ...photos];
    const { body } = await several(fan, wanted);
    expect(body.objects.map(({ object_id }: { object_id: number }) => `photo:${object_id}`)).toEqual(photos);
    expectError(await several(fan, [...wanted, 'photo:1']), 400, 'OBJECT_NAMES_INVALID');
  });

  it('show a user’s own writes immediately, through any gateway', async () => {
    const object = await author.photo('a');
    const there = author.at(system().address(1));
    for (let round = 1; round <= ROUNDS; round++) {
      const [here, elsewhere] = round % 2 ? [author, there] : [there, author];
      await here.edit(object, `round ${round}`);
      await here.share(object);
      const { body } = await several(elsewhere, [object]);
      expect(body.objects).toMatchObject([{ content: `round ${round}`, shares: round, liked: false, shared: true }]);
    }
  });

  it('show others’ writes to a reader with their consistency token', async () => {
    const [object] = names as [string];
    const { headers } = await fan.share(object);
    const token = { 'consistency-token': headers.get('consistency-token') as string };
    expect((await several(author, [object], token)).body.objects).toMatchObject([{ likes: 1, shares: 1 }]);
  });

  it('are answered after 2 s with the current counts, marked as behind', async () => {
    const object = await author.photo('a');
    const release = await system().holdRelay();
    try {
      await author.like(object);
      await author.edit(object, 'edited');
      const { headers, body } = await author.servedGet(`/objects?names=${object}`);
      expect(headers.get('feed-freshness')).toBe('behind');
      expect(body.objects).toMatchObject([{ content: 'edited', likes: 0, liked: true }]);
    } finally {
      await release();
    }
  });

  it('require a key', async () => {
    expectError(await request(system().address(), '/objects?names=photo:1'), 400, 'KEY_MISSING');
  });

  it.each<[string, ErrorCode]>([
    ['', 'OBJECT_NAMES_INVALID'],
    ['?names=', 'OBJECT_NAMES_INVALID'],
    ['?names=photo:1&names=photo:2', 'OBJECT_NAMES_INVALID'],
    ['?names=photo:1,post', 'OBJECT_FORMAT_INVALID'],
    ['?names=photo:1,', 'OBJECT_FORMAT_INVALID'],
    ['?names=photo:1,%20photo:2', 'OBJECT_FORMAT_INVALID'],
    [`?names=photo:${'9'.repeat(95)}`, 'OBJECT_NAME_TOO_LONG'],
  ])('refuse /objects%s', async (query, code) => {
    expectError(await fan.get(`/objects${query}`), 400, code);
  });

  it('reject invalid consistency tokens', async () => {
    const headers = { 'consistency-token': 'nonsense' };
    for (const wanted of ['photo:1', 'video:1']) {
      expectError(await several(fan, [wanted], headers), 400, 'CONSISTENCY_TOKEN_INVALID');
    }
  });
}
