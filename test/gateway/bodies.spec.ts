import { gzipSync } from 'node:zlib';
import { CONTENT_MAX_LENGTH, ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { BODY_LIMIT } from '../../services/gateway/src/read-body/read-json';
import { LoneGateway } from './lone-gateway';

const JSON_TYPE = 'application/json';
const post = (content: Buffer | string) =>
  Buffer.concat([Buffer.from('{"type":"post","content":"'), Buffer.from(content), Buffer.from('"}')]);
const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** As Python's `json.dumps` writes it by default. */
const escaped = (value: unknown) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('a request body', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  beforeEach(() => {
    gateway.carriedOut.length = 0;
  });
  afterAll(() => gateway?.stop());

  const send = async (body: Buffer | string, headers: Record<string, string> = {}, path = '/post') => {
    const all = { 'x-app-key': 'abc123', 'content-type': JSON_TYPE, ...headers };
    const answer = await fetch(gateway.address + path, {
      method: 'POST',
      body: body as RequestInit['body'],
      headers: all,
    });
    return { status: answer.status, body: await answer.json() };
  };
  const refusal = (status: number, code: ErrorCode, more = {}) => ({
    status,
    body: { error: true, code, message: ERRORS[code].text, ...more },
  });
  /** A valid body reaches the service, which is unavailable here. */
  const read = refusal(503, 'SERVICE_UNAVAILABLE');
  const notUtf8 = refusal(400, 'BAD_REQUEST', { reason: 'the body must be UTF-8' });

  it.each<[string, Buffer]>([
    ['a byte that is never valid', latin1('a\xffb')],
    ['Latin-1', latin1('na\xefve')],
    ['half a surrogate pair as three bytes', latin1('\xed\xa0\xbd')],
    ['a surrogate pair as six bytes', latin1('\xed\xa0\xbd\xed\xb8\x80')],
    ['NUL in two bytes', latin1('\xc0\x80')],
    ['a slash in two bytes', latin1('\xc0\xaf')],
    ['a truncated emoji', Buffer.from('😀').subarray(0, 3)],
    ['a continuation byte without a lead byte', latin1('\x80')],
    ['a code point above U+10FFFF', latin1('\xf4\x90\x80\x80')],
  ])('is refused when it is not UTF-8: %s', async (_case, content) => {
    expect(await send(post(content))).toEqual(notUtf8);
    expect(gateway.carriedOut).toEqual([]);
  });

  it('is refused on every route, even for invalid bytes outside of strings', async () => {
    for (const path of ['/post', '/activity', '/follow', '/unfollow']) {
      expect(await send(latin1('{\xff}'), {}, path)).toEqual(notUtf8);
    }
    expect(await send(Buffer.from('{"type":"post"}', 'utf16le'))).toEqual(refusal(400, 'BAD_REQUEST'));
  });

  it.each(['naïve', '😀', '\ufffd', '日本', '\u007f', '\\ud83d\\ude00'])(
    'is read when it is UTF-8: %s',
    async (content) => {
      expect(await send(post(content))).toEqual(read);
      expect(gateway.carriedOut).toEqual(['activity.post-object']);
    },
  );

  it('may begin with one byte order mark', async () => {
    expect(await send(`\ufeff${post('a')}`)).toEqual(read);
    expect(await send(`\ufeff\ufeff${post('a')}`)).toEqual(refusal(400, 'BAD_REQUEST'));
  });

  it.each(['__proto__', 'constructor'])('is refused with a field that could change prototypes: %s', async (field) => {
    const body = `{"type":"post","content":"a","${field}":{"prototype":{"a":1}}}`;
    expect(await send(body)).toEqual(refusal(400, 'BAD_REQUEST'));
  });

  it.each<[string, number, ErrorCode]>([
    ['application/json; charset=utf-8', 503, 'SERVICE_UNAVAILABLE'],
    ['Application/JSON;charset="UTF-8"', 503, 'SERVICE_UNAVAILABLE'],
    ['application/json; charset=utf8', 503, 'SERVICE_UNAVAILABLE'],
    ['application/json; profile=a', 503, 'SERVICE_UNAVAILABLE'],
    ['application/json; charset=iso-8859-1', 415, 'CHARSET_UNSUPPORTED'],
    ['application/json; CHARSET="Latin1"', 415, 'CHARSET_UNSUPPORTED'],
    ['application/json; profile=a; charset=utf-16', 415, 'CHARSET_UNSUPPORTED'],
    ['text/plain; charset=utf-16', 400, 'JSON_REQUIRED'],
  ])('with content type %s is answered with %d %s', async (type, status, code) => {
    expect(await send(post('a'), { 'content-type': type })).toEqual(refusal(status, code));
  });

  it.each<[string, number, ErrorCode]>([
    ['gzip', 415, 'ENCODING_UNSUPPORTED'],
    ['GZIP', 415, 'ENCODING_UNSUPPORTED'],
    ['br', 415, 'ENCODING_UNSUPPORTED'],
    ['identity, deflate', 415, 'ENCODING_UNSUPPORTED'],
    ['identity', 503, 'SERVICE_UNAVAILABLE'],
  ])('with content encoding %s is answered with %d %s', async (encoding, status, code) => {
    const body = status === 415 ? gzipSync(post('a')) : post('a');
    expect(await send(body, { 'content-encoding': encoding })).toEqual(refusal(status, code));
  });

  it('may have a chunked transfer encoding, but no compressed one', async () => {
    const head = `POST /post HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\ncontent-type: ${JSON_TYPE}\r\n`;
    const body = post('a');
    const chunks = `\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await gateway.ask(`${head}transfer-encoding: Chunked\r\n${chunks}`)).toMatchObject(read);
    expect(await gateway.ask(`${head}transfer-encoding: gzip, chunked\r\n${chunks}`)).toMatchObject(
      refusal(415, 'ENCODING_UNSUPPORTED'),
    );
  });

  it('is checked in the order of key, type, charset, encoding, bytes, JSON, fields', async () => {
    const body = latin1('{\xff');
    const type = 'application/json; charset=latin1';
    const wrong = { 'content-type': type, 'content-encoding': 'gzip' };
    expect(await send(body, { ...wrong, 'x-app-key': '' })).toEqual(refusal(401, 'KEY_INVALID'));
    expect(await send(body, { ...wrong, 'content-type': 'text/plain' })).toEqual(refusal(400, 'JSON_REQUIRED'));
    expect(await send(body, wrong)).toEqual(refusal(415, 'CHARSET_UNSUPPORTED'));
    expect(await send(body, { 'content-encoding': 'gzip' })).toEqual(refusal(415, 'ENCODING_UNSUPPORTED'));
    expect(await send(body)).toEqual(notUtf8);
    expect(await send('{')).toEqual(refusal(400, 'BAD_REQUEST'));
    expect(await send('{}')).toEqual(refusal(400, 'TYPE_INVALID'));
  });

  it('may have the longest content in its longest encoding, indented', async () => {
    const body = (length: number) => escaped({ type: 'photo', content: '😀'.repeat(length) });
    expect(body(CONTENT_MAX_LENGTH).length).toBeGreaterThan(12 * CONTENT_MAX_LENGTH);
    const indented = body(CONTENT_MAX_LENGTH).replace('{', `{${'\n    '.repeat(200)}`);
    expect(await send(indented)).toEqual(read);
    expect(await send(body(CONTENT_MAX_LENGTH + 1))).toEqual(refusal(400, 'CONTENT_TOO_LONG'));
  });

  it('may have at most BODY_LIMIT bytes', async () => {
    const body = (length: number) => post('a').toString().padEnd(length);
    expect(await send(body(BODY_LIMIT))).toEqual(read);
    expect(await send(body(BODY_LIMIT + 1))).toEqual(refusal(413, 'REQUEST_TOO_LARGE'));
  });
});
