import { expectRefusal } from './expect-refusal';
import { LoneGateway } from './lone-gateway';

const WARN = 40;
const ASK = 'GET /feed/my?cursor=of-the-caller HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\n\r\n';

describe('requests of one connection, one after another without waiting', () => {
  let gateway: LoneGateway;
  beforeEach(async () => {
    gateway = await LoneGateway.start();
  });
  afterEach(() => gateway?.stop());

  it('are refused above 32 in flight, which is logged once and not as a fault of a service', async () => {
    const connection = await gateway.open();
    connection.write(ASK.repeat(100));
    const answers = await connection.answers(100);
    for (const answer of answers.slice(0, 32)) expectRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
    for (const answer of answers.slice(32)) {
      expectRefusal(answer, 503, 'CONNECTION_BUSY');
      expect(answer.headers['retry-after']).toMatch(/^[1-3]$/);
    }
    connection.write(ASK.repeat(33));
    expectRefusal((await connection.answers(133)).at(-1), 503, 'CONNECTION_BUSY');

    const refused = answers.slice(32).flatMap((answer) => gateway.linesOf(answer));
    const warnings = refused.filter(({ level }) => level === WARN);
    expect(warnings).toMatchObject([{ msg: 'a client pipelines more than 32 requests; refusing the rest' }]);
    expect(gateway.log.filter(({ msg }) => msg === 'a service does not answer')).toHaveLength(64);
    connection.socket.destroy();
  });

  it('are logged for each connection that does so', async () => {
    for (let count = 1; count <= 2; count++) {
      const connection = await gateway.open();
      connection.write(ASK.repeat(33));
      await connection.answers(33);
      connection.socket.destroy();
      expect(gateway.log.filter(({ msg }) => String(msg).startsWith('a client pipelines'))).toHaveLength(count);
    }
  });
});

describe('the log of errors', () => {
  it('names routes, and nothing that the caller wrote', async () => {
    const gateway = await LoneGateway.start();
    try {
      const answer = await gateway.ask(ASK.replace('/feed/my', '/objects/photo:21'));
      expectRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
      expect(gateway.linesOf(answer)).toContainEqual(
        expect.objectContaining({ msg: 'a service does not answer', method: 'GET', route: '/objects/:object' }),
      );
      expect(JSON.stringify(gateway.log)).not.toMatch(/of-the-caller|photo:21|abc123/);
    } finally {
      await gateway.stop();
    }
  });
});
