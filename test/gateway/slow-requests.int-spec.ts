import { CONNECTION_LIMITS, serverOptions } from '../../services/gateway/src/connections/connection-limits';
import { eventually } from '../harness/eventually';
import { expectRefusal } from './expect-refusal';
import { type Connection, LoneGateway } from './lone-gateway';

const LIMITS = { requestTimeout: 400, checkInterval: 20 };
const GET = 'GET /health/live HTTP/1.1\r\nhost: a\r\n';
const POST = 'POST /post HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\ncontent-type: application/json\r\n';

describe('a request that arrives too slowly', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start(LIMITS);
  });
  afterAll(() => gateway?.stop());

  /** Writes `bytes`, then `drop` repeatedly until the gateway closes the connection. Returns the answers. */
  async function dawdle(bytes: string, drop = '') {
    const connection = await gateway.open();
    const start = performance.now();
    connection.write(bytes);
    const dripping = setInterval(() => connection.write(drop), 30);
    const answers = await connection.allAnswers().finally(() => clearInterval(dripping));
    connection.socket.destroy();
    return { answers, elapsed: performance.now() - start };
  }

  describe('is refused with REQUEST_TIMEOUT', () => {
    const SLOW: [name: string, bytes: string, drop: string][] = [
      ['a method', 'GE', ''],
      ['half a head', GET, ''],
      ['a head that drips', GET, 'x: y\r\n'],
      ['a URL that drips', 'GET /', 'a'],
      ['half a body', `${POST}content-length: 20\r\n\r\n{"type":`, ''],
      ['no body', `${POST}content-length: 20\r\n\r\n`, ''],
      ['a body that drips', `${POST}content-length: 9999\r\n\r\n{`, ' '],
      ['half a chunk', `${POST}transfer-encoding: chunked\r\n\r\n5\r\n{"`, ''],
      ['chunks without the last', `${POST}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`, ''],
      ['chunks that drip', `${POST}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
      ['a body that was asked for', `${POST}expect: 100-continue\r\ncontent-length: 20\r\n\r\n`, ''],
    ];
    /** All at the same time, to save waiting time. */
    const sent = new Map<string, ReturnType<typeof dawdle>>();
    beforeAll(() => {
      for (const [name, bytes, drop] of SLOW) sent.set(name, dawdle(bytes, drop));
    });

    it.each(SLOW)('%s', async (name) => {
      const { answers, elapsed } = await (sent.get(name) as ReturnType<typeof dawdle>);
      expect(answers).toHaveLength(1);
      expectRefusal(answers[0], 408, 'REQUEST_TIMEOUT');
      expect(answers[0]?.headers.connection).toBe('close');
      expect(elapsed).toBeGreaterThanOrEqual(LIMITS.requestTimeout);
      expect(gateway.carriedOut).toEqual([]);
    });
  });

  it('is logged with the request id of its answer', async () => {
    for (const bytes of [GET, `${POST}content-length: 20\r\n\r\n`]) {
      const { answers } = await dawdle(bytes);
      await eventually('it is logged', () => gateway.linesOf(answers[0]).length === 1);
    }
    const lines = gateway.log.slice(-2);
    expect(lines[0]).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      msg: 'unreadable request refused; closing its connection',
    });
    expect(lines[1]).toMatchObject({ route: '/post', status: 408, msg: 'request answered' });
  });

  it('gets no second answer when it was answered before its body arrived', async () => {
    const early = await Promise.all([
      dawdle(`${GET}content-length: 20\r\n\r\n`),
      dawdle(`${POST.replace('json', 'xml')}content-length: 20\r\n\r\n`),
      dawdle('POST /nowhere HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n \r\n'),
    ]);
    expect(early.map(({ answers }) => answers.map(({ status }) => status))).toEqual([[200], [400], [404]]);
  });

  it('is not carried out when its rest arrives after the answer', async () => {
    const cases = [
      [POST, 'content-length: 29\r\n\r\n{"type":"post","content":"a"}'],
      [`${POST}content-length: 29\r\n\r\n`, '{"type":"post","content":"a"}'],
      [`${GET}\r\n${POST}content-length: 0\r\n`, `\r\n${POST}content-length: 29\r\n\r\n{"type":"post","content":"a"}`],
    ] as const;
    const checks = cases.map(async ([bytes, rest]) => {
      const connection = await gateway.open();
      connection.write(bytes);
      const count = (await connection.allAnswers()).length;
      connection.write(rest);
      await eventually('the connection is closed', async () => (await gateway.connections()) === 0);
      expect(await connection.allAnswers()).toHaveLength(count);
      connection.socket.destroy();
    });
    await Promise.all(checks);
    expect(gateway.carriedOut).toEqual([]);
  });

  it('is not carried out when its rest arrives while an earlier request is unanswered', async () => {
    const hold = Promise.withResolvers<void>();
    gateway.held = hold.promise;
    const whole = `${POST}content-length: 29\r\n\r\n{"type":"post","content":"a"}`;
    const connection = await gateway.open();
    connection.write(whole + whole.slice(0, 40));
    await eventually('the first is carried out', () => gateway.carriedOut.length === 1);
    const { answers } = await dawdle(GET);
    expect(answers.map(({ status }) => status)).toEqual([408]);
    connection.write(whole.slice(40));
    await eventually('the rest is read', () => gateway.hasRead(connection));
    hold.resolve();
    expect((await connection.allAnswers()).map(({ status }) => status)).toEqual([503, 408]);
    expect(gateway.carriedOut.splice(0)).toEqual(['activity.post-object']);
    gateway.held = undefined;
    connection.socket.destroy();
  });

  it('does not include an idle connection between two requests', async () => {
    const waiting = await gateway.open();
    waiting.write(`${GET}\r\n`);
    await waiting.answers(1);
    await dawdle(GET);
    await dawdle(GET);
    waiting.write(`${GET}\r\n`);
    expect((await waiting.answers(2)).map(({ status }) => status)).toEqual([200, 200]);
    waiting.socket.destroy();
  });

  it('does not affect earlier requests of the connection', async () => {
    const { answers } = await dawdle(`${GET}\r\n${GET}`);
    expect(answers.map(({ status }) => status)).toEqual([200, 408]);
  });

  it('is given 30 s, checked every second, both for its head and for the whole request', () => {
    expect(CONNECTION_LIMITS).toEqual({ requestTimeout: 30_000, checkInterval: 1_000 });
    const { headersTimeout, requestTimeout, connectionsCheckingInterval } = serverOptions(CONNECTION_LIMITS);
    expect([headersTimeout, requestTimeout, connectionsCheckingInterval]).toEqual([30_000, 30_000, 1_000]);
  });
});

describe('a body that is too large', () => {
  it('can be sent while the answer is read, but what follows it is not carried out', async () => {
    const gateway = await LoneGateway.start();
    const connection = await gateway.open();
    connection.write(`${POST}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    for (let count = 0; count < 32; count++) connection.write(chunk);
    const [answer] = await connection.answers(1);
    expectRefusal(answer, 413, 'REQUEST_TOO_LARGE');
    connection.write(`0\r\n\r\n${POST}content-length: 29\r\n\r\n{"type":"post","content":"a"}`);
    await eventually('the connection is closed', async () => (await gateway.connections()) === 0);
    expect(gateway.carriedOut).toEqual([]);
    await gateway.stop();
  });
});

describe('an unreadable request', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  async function allAnswers(bytes: string, then?: (connection: Connection) => unknown) {
    const connection = await gateway.open();
    connection.write(bytes);
    await then?.(connection);
    const answers = await connection.allAnswers();
    connection.socket.destroy();
    return answers;
  }

  it.each([
    ['garbage', 'nonsense\r\n\r\n'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'GET /me HTTP/3.7\r\nhost: a\r\n\r\n'],
    ['an invalid byte in the URL', 'GET /\xff HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['two lengths', `${POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ['a length with a chunked body', `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
    ['a field without a name', `${GET}: a\r\n\r\n`],
  ])('is answered and its connection closed: %s', async (_case, bytes) => {
    const answers = await allAnswers(bytes);
    expect(answers).toHaveLength(1);
    expectRefusal(answers[0], 400, 'BAD_REQUEST');
    expect(answers[0]?.headers.connection).toBe('close');
  });

  it.each([
    ['a chunk without a size', 'nonsense\r\n', 400, 'BAD_REQUEST' as const],
    ['an endless chunk extension', `1;${'a'.repeat(20_000)}`, 413, 'REQUEST_TOO_LARGE' as const],
    ['endless trailers', `0\r\nx: ${'a'.repeat(40_000)}`, 431, 'HEAD_TOO_LARGE' as const],
  ])('is refused for an invalid part of its body: %s', async (_case, bytes, status, code) => {
    const answers = await allAnswers(`${POST}transfer-encoding: chunked\r\n\r\n${bytes}`);
    expect(answers).toHaveLength(1);
    expectRefusal(answers[0], status, code);
    expect(gateway.carriedOut).toEqual([]);
  });

  it('is answered after earlier requests', async () => {
    const answers = await allAnswers('GET /health/ready HTTP/1.1\r\nhost: a\r\n\r\nnonsense\r\n\r\n');
    expect(answers.map(({ status }) => status)).toEqual([503, 400]);
    expect(answers[0]?.body).toMatchObject({ status: 'unavailable' });
    expectRefusal(answers[1], 400, 'BAD_REQUEST');
  });

  it('is answered when it follows an answered request', async () => {
    const answers = await allAnswers(`${GET}\r\n`, async (connection) => {
      await connection.answers(1);
      connection.write('nonsense\r\n\r\n');
    });
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  });

  it('is answered when the client closes its side in the middle of it', async () => {
    for (const bytes of [GET, `${POST}content-length: 20\r\n\r\n{`]) {
      const answers = await allAnswers(bytes, ({ socket }) => socket.end());
      expect(answers).toHaveLength(1);
      expectRefusal(answers[0], 400, 'BAD_REQUEST');
    }
    expect(gateway.carriedOut).toEqual([]);
  });

  it('leaves no open connection, even if the client does not close', async () => {
    const connection = await gateway.open();
    connection.write('nonsense\r\n\r\n');
    await connection.allAnswers();
    await eventually('the connection is closed', async () => (await gateway.connections()) === 0);
    connection.socket.destroy();
  });
});
