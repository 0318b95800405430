import { expectRefusal } from './expect-refusal';
import { LoneGateway } from './lone-gateway';

const TOKENS = Array.from({ length: 21 }, (_, index) => `activity.1.${index + 1}`);
const READS = [
  '/feed/my',
  '/feed/friends',
  '/feed/my/summary',
  '/trending',
  '/objects?names=photo:1',
  '/objects/photo:1',
  '/objects/photo:1/likes',
  '/objects/photo:1/shares',
];

describe('limits of a request', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  const get = (path: string, ...fields: string[]) =>
    gateway.ask([`GET ${path} HTTP/1.1`, 'host: a', 'x-app-key: abc123', ...fields, '', ''].join('\r\n'));
  const like = (object: string) => {
    const body = JSON.stringify({ verb: 'like', object });
    const fields = `content-type: application/json\r\ncontent-length: ${body.length}`;
    return gateway.ask(`POST /activity HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\n${fields}\r\n\r\n${body}`);
  };

  it.each(READS)('allow 20 consistency tokens, in one header or several: %s', async (path) => {
    const [first, ...others] = TOKENS;
    const field = (tokens: unknown[]) => `consistency-token: ${tokens.join(', ')}`;
    expectRefusal(await get(path, field(TOKENS)), 400, 'CONSISTENCY_TOKENS_TOO_MANY');
    expectRefusal(await get(path, field([first]), field(others)), 400, 'CONSISTENCY_TOKENS_TOO_MANY');
    expectRefusal(await get(path, field(Array(21).fill('nonsense'))), 400, 'CONSISTENCY_TOKENS_TOO_MANY');
    expectRefusal(await get(path, field(others.with(0, 'nonsense'))), 400, 'CONSISTENCY_TOKEN_INVALID');
    expectRefusal(await get(path, field(others)), 503, 'SERVICE_UNAVAILABLE');
  });

  it('allow object names of 100 characters, in a path or a body', async () => {
    const longest = `post:${'9'.repeat(95)}`;
    expectRefusal(await get(`/objects/${longest}`), 404, 'OBJECT_NOT_FOUND');
    expectRefusal(await get(`/objects/${longest}/likes`), 404, 'OBJECT_NOT_FOUND');
    expectRefusal(await like(longest), 400, 'OBJECT_NOT_FOUND');
    expectRefusal(await get(`/objects/${longest}9`), 400, 'OBJECT_NAME_TOO_LONG');
    expectRefusal(await get(`/objects/${longest}9/likes`), 400, 'OBJECT_NAME_TOO_LONG');
    expectRefusal(await like(`${longest}9`), 400, 'OBJECT_NAME_TOO_LONG');
    expectRefusal(await get(`/objects/${'post%3A'.padEnd(104, '9')}`), 400, 'OBJECT_NAME_TOO_LONG');
  });

  it('are described in the OpenAPI document', async () => {
    const { paths, info } = (await get('/openapi.json')).body;
    const [object, tokens] = [
      ['path', 'object'],
      ['header', 'Consistency-Token'],
    ].map(([place, name]) =>
      paths['/objects/{object}'].get.parameters.find(
        (each: { in: string; name: string }) => each.in === place && each.name === name,
      ),
    );
    expect(object.schema).toMatchObject({ type: 'string', maxLength: 100, pattern: expect.any(String) });
    expect(tokens.schema).toEqual({ type: 'array', items: { type: 'string' }, maxItems: 20 });
    const { object: liked } = paths['/activity'].post.requestBody.content['application/json'].schema.properties;
    expect(liked).toMatchObject({ maxLength: 100 });
    expect(info.description).toMatch(/128192 bytes.*within 30 s.*16384 characters.*32 other requests/s);
  });
});
