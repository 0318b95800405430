import { eventually } from '../harness/eventually';
import { System } from '../harness/system';

describe('the gateway’s request log', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ environment: { gateway: { REQUEST_LOG_SAMPLE: '1' } } });
  });
  afterAll(() => system?.stop());

  it('has a line per request with the id of the answer, and no keys', async () => {
    const ivan = await system.as('ivan');
    const { headers: posted } = await ivan.post('post', 'a');
    const { headers: read } = await ivan.get('/feed/my?limit=1');
    const { headers: refused } = await ivan.get('/objects/photo:999?key=abc123');
    const output = () => system.gateways[0]?.output ?? '';
    const lineOf = (headers: Headers) =>
      eventually('the request is logged', () => {
        const id = headers.get('x-request-id') as string;
        const line = output()
          .split('\n')
          .find((text) => text.includes(id));
        return line === undefined ? undefined : JSON.parse(line);
      });
    const common = { level: 30, service: 'gateway', msg: 'request answered', ms: expect.any(Number) };
    expect(await lineOf(posted)).toMatchObject({ ...common, method: 'POST', route: '/post', status: 200 });
    expect(await lineOf(read)).toMatchObject({ ...common, method: 'GET', route: '/feed/my', status: 200 });
    expect(await lineOf(refused)).toMatchObject({ ...common, method: 'GET', route: '/objects/:object', status: 404 });
    expect(output()).not.toContain(ivan.key);
  });
});
