import { eventually } from '../harness/eventually';
import { expectRefusal } from './expect-refusal';
import { type Connection, LoneGateway } from './lone-gateway';

const WARN = 40;
const BODY = '{"type":"post","content":"a"}';
const POST =
  'POST /post HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\ncontent-type: application/json\r\n' +
  `content-length: ${BODY.length}\r\n\r\n${BODY}`;

describe('pipelined requests', () => {
  let gateway: LoneGateway;
  beforeEach(async () => {
    gateway = await LoneGateway.start();
  });
  afterEach(() => gateway?.stop());

  /** Sends `count` requests; none is answered before all have arrived. */
  async function pipeline(connection: Connection, count: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    gateway.held = promise;
    const before = (await connection.answers(0)).length;
    connection.write(POST.repeat(count));
    await eventually('all have arrived', () => gateway.hasRead(connection));
    resolve();
    return (await connection.answers(before + count)).slice(before);
  }
  const warnings = () => gateway.log.filter(({ msg }) => String(msg).startsWith('client pipelines'));

  it('are refused above 32 in flight; one warning is logged for the connection', async () => {
    const connection = await gateway.open();
    const answers = [...(await pipeline(connection, 40)), ...(await pipeline(connection, 33))];
    const refused = [...answers.slice(32, 40), ...answers.slice(72)];
    for (const answer of refused) {
      expectRefusal(answer, 503, 'CONNECTION_BUSY');
      expect(answer.headers['retry-after']).toMatch(/^[1-3]$/);
    }
    for (const answer of answers) if (!refused.includes(answer)) expectRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
    expect(gateway.carriedOut).toHaveLength(64);
    expect(gateway.log.filter(({ msg }) => msg === 'service unavailable; answering 503')).toHaveLength(64);
    expect(warnings()).toMatchObject([{ msg: 'client pipelines more than 32 requests; refusing the rest' }]);
    const lines = await eventually('all requests have their lines', () => {
      const found = refused.map((answer) => gateway.linesOf(answer));
      return found.every((each) => each.some(({ msg }) => msg === 'request answered')) && found.flat();
    });
    // Slow answers warn as well, and a busy machine makes answers slow.
    expect(lines.filter(({ level, msg }) => level === WARN && msg !== 'request answered')).toEqual(warnings());
    connection.socket.destroy();
  });

  it('are logged for each connection', async () => {
    for (let count = 1; count <= 2; count++) {
      const connection = await gateway.open();
      await pipeline(connection, 33);
      expect(warnings()).toHaveLength(count);
      connection.socket.destroy();
    }
  });
});

describe('the error log', () => {
  it('contains routes, but nothing that the caller sent', async () => {
    const gateway = await LoneGateway.start();
    try {
      const answer = await gateway.ask(
        'GET /objects/photo:21?cursor=of-the-caller HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\n\r\n',
      );
      expectRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
      expect(gateway.linesOf(answer)).toContainEqual(
        expect.objectContaining({
          msg: 'service unavailable; answering 503',
          method: 'GET',
          route: '/objects/:object',
        }),
      );
      expect(JSON.stringify(gateway.log)).not.toMatch(/of-the-caller|photo:21|abc123/);
    } finally {
      await gateway.stop();
    }
  });
});
