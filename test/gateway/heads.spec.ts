import { METHODS } from 'node:http';
import type { ErrorCode } from '@activity-feed/contracts';
import { expectRefusal } from './expect-refusal';
import { LoneGateway } from './lone-gateway';

const LIVE = 'GET /health/live HTTP/1.1\r\n';

describe('a request head', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  const get = (url: string, fields = 'host: a\r\nx-app-key: abc123\r\n') =>
    gateway.ask(`GET ${url} HTTP/1.1\r\n${fields}\r\n`);

  describe('with a limited length', () => {
    it.each([16_384, 20_000, 33_000, 100_000])('is refused for a URL of %d characters', async (length) => {
      expectRefusal(await get(`/${'a'.repeat(length - 1)}`), 414, 'URL_TOO_LONG');
      expectRefusal(await get(`/objects/${'a'.repeat(length - 9)}`), 414, 'URL_TOO_LONG');
    });

    it('is refused for a long URL that follows another request and is split into packets', async () => {
      const url = `/${'a'.repeat(40_000)}`;
      const connection = await gateway.open();
      connection.write(`${LIVE}host: a\r\n\r\nGET ${url.slice(0, 30_000)}`);
      await connection.answers(1);
      connection.write(`${url.slice(30_000)} HTTP/1.1\r\nhost: a\r\n\r\n`);
      const answers = await connection.allAnswers();
      expect(answers.map(({ status }) => status)).toEqual([200, 414]);
      expectRefusal(answers[1], 414, 'URL_TOO_LONG');
    });

    it.each([16_384, 33_000, 100_000])('is refused for fields of %d characters', async (length) => {
      expectRefusal(await get('/me', `host: a\r\nx: ${'a'.repeat(length)}\r\n`), 431, 'HEAD_TOO_LARGE');
      expectRefusal(await get('/me', `host: a\r\n${'x: abcdefgh\r\n'.repeat(length / 9)}`), 431, 'HEAD_TOO_LARGE');
    });

    it('is refused for more than 1,000 fields, even short ones', async () => {
      expectRefusal(
        await get('/me', `host: a\r\n${'x: a\r\n'.repeat(1_000)}x-app-key: abc123\r\n`),
        431,
        'HEAD_TOO_LARGE',
      );
    });

    it('is accepted below the limits', async () => {
      expectRefusal(await get(`/${'a'.repeat(16_000)}`), 404, 'NOT_FOUND');
      expect((await get('/health/live', `host: a\r\nx: ${'a'.repeat(16_000)}\r\n`)).status).toBe(200);
      expect((await get('/health/live', `host: a\r\n${'x: a\r\n'.repeat(999)}`)).status).toBe(200);
    });
  });

  describe('with a Host header', () => {
    it.each([
      'a',
      'A.example.',
      'a:',
      'a:80',
      'a_b-c.d~e',
      'b%C3%BCcher',
      '127.0.0.1:5000',
      '[::1]',
      '[fe80::1%25eth0]:5000',
    ])('is accepted for "%s"', async (host) =>
      expect((await get('/health/live', `host: ${host}\r\n`)).status).toBe(200),
    );

    it.each([
      '',
      'a b',
      'a, b',
      'a/b',
      'http://a',
      'user@a',
      'a:b',
      'a:123456',
      'a:1:2',
      '::1',
      '[::1',
      'a?',
      '%zz',
      'b\xfccher',
    ])('is refused for "%s"', async (host) => {
      const answer = await get('/health/live', `host: ${host}\r\n`);
      expectRefusal(answer, 400, 'BAD_REQUEST', 'the Host header must be a host, with or without a port');
      expect(answer.headers.connection).toBe('close');
    });

    it('is refused without the header and with two of them', async () => {
      expectRefusal(await get('/me', ''), 400, 'BAD_REQUEST', 'the request must have a Host header');
      const reason = 'the request must have one Host header';
      expectRefusal(await get('/me', 'host: a\r\nHost: a\r\n'), 400, 'BAD_REQUEST', reason);
      expectRefusal(await get('/nowhere', 'host: a\r\nx: y\r\nHOST: b\r\n'), 400, 'BAD_REQUEST', reason);
    });

    it('is accepted without the header in HTTP/1.0', async () => {
      expect((await gateway.ask('GET /health/live HTTP/1.0\r\n\r\n')).status).toBe(200);
    });
  });

  describe('with an Expect header', () => {
    it('is answered with 100 Continue before the body', async () => {
      const connection = await gateway.open();
      const body = '{"type":"post"}';
      connection.write(`POST /post HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\ncontent-type: application/json\r\n`);
      connection.write(`expect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`);
      await connection.receives('HTTP/1.1 100 Continue');
      connection.write(body);
      expectRefusal((await connection.answers(1))[0], 400, 'CONTENT_MISSING');
      connection.socket.destroy();
    });

    it.each(['/me', '/health/live', '/nowhere'])('is refused for any other expectation at %s', async (path) => {
      expectRefusal(await get(path, 'host: a\r\nexpect: foo\r\n'), 417, 'EXPECTATION_FAILED');
    });
  });

  describe('with a method', () => {
    const without = (...methods: string[]) =>
      METHODS.filter((method) => !['CONNECT', 'HEAD', ...methods].includes(method));
    const ask = (method: string, path: string) => gateway.ask(`${method} ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);

    it.each(without('GET', 'PATCH'))('is refused at /me for %s', async (method) => {
      const answer = await ask(method, '/me');
      expectRefusal(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.allow).toBe('GET, HEAD, PATCH');
    });

    it.each(without('POST'))('is refused at /post for %s', async (method) => {
      const answer = await ask(method, '/post');
      expectRefusal(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.allow).toBe('POST');
    });

    it.each(without())('is answered with NOT_FOUND at an unknown path for %s', async (method) => {
      expectRefusal(await ask(method, '/nowhere'), 404, 'NOT_FOUND');
    });

    it('is refused for an unknown method', async () => {
      expectRefusal(await ask('BREW', '/me'), 400, 'BAD_REQUEST');
    });

    it('is refused for CONNECT', async () => {
      const answer = await ask('CONNECT', 'example.com:443');
      expectRefusal(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers).toMatchObject({ allow: '', connection: 'close' });
    });
  });

  it('may contain an Upgrade header, which is ignored', async () => {
    const fields = 'host: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n';
    expect((await get('/health/live', fields)).status).toBe(200);
  });

  describe('with a URL', () => {
    const long = '9'.repeat(200);
    it.each<[string, number, ErrorCode]>([
      ['/%zz', 404, 'NOT_FOUND'],
      ['/%', 404, 'NOT_FOUND'],
      ['/me%ff', 404, 'NOT_FOUND'],
      ['/objects/%zz', 400, 'OBJECT_FORMAT_INVALID'],
      ['/objects/photo:%ff', 400, 'OBJECT_FORMAT_INVALID'],
      ['/objects/photo:1%ed%a0%bd/likes', 400, 'OBJECT_FORMAT_INVALID'],
      ['/objects/%c0%80:1', 404, 'OBJECT_NOT_FOUND'],
      ['/feed/my?cursor=%ff', 503, 'SERVICE_UNAVAILABLE'],
      ['/feed/my?limit=%zz', 400, 'LIMIT_INVALID'],
      [`/nowhere/${long}`, 404, 'NOT_FOUND'],
      [`/objects/${long}/nowhere`, 404, 'NOT_FOUND'],
    ])('%s is answered with %d %s', async (url, status, code) => expectRefusal(await get(url), status, code));

    it.each(['/objects/%zz', `/objects/photo:${long}`, `/objects/${long}/likes`])(
      '%s is checked after the key',
      async (url) => {
        expectRefusal(await get(url, 'host: a\r\n'), 400, 'KEY_MISSING');
        expectRefusal(await get(url, 'host: a\r\nx-app-key:\r\n'), 401, 'KEY_INVALID');
      },
    );
  });
});
