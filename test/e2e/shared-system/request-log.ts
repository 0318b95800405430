import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';

/** Declares the tests. */
export function testRequestLog(system: () => System): void {
  it('has a line per request with the id of the answer, and no keys', async () => {
    const ivan = (await system().as('ivan')).at(await system().openGateway({ REQUEST_LOG_SAMPLE: '1' }));
    const { headers: posted } = await ivan.post('post', 'a');
    const { headers: read } = await ivan.get('/feed/my?limit=1');
    const { headers: refused } = await ivan.get('/objects/photo:999?key=abc123');
    const output = () => system().gateways.at(-1)?.output ?? '';
    const lineOf = (headers: Headers) =>
      eventually('the request is logged', () => {
        const id = headers.get('x-request-id') as string;
        const line = output()
          .split('\n')
          .find((text) => text.includes(id));
        return line === undefined ? undefined : JSON.parse(line);
      });
    // Slow requests are logged as warnings.
    const common = { level: expect.any(Number), service: 'gateway', msg: 'request answered', ms: expect.any(Number) };
    expect(await lineOf(posted)).toMatchObject({ ...common, method: 'POST', route: '/post', status: 200 });
    expect(await lineOf(read)).toMatchObject({ ...common, method: 'GET', route: '/feed/my', status: 200 });
    expect(await lineOf(refused)).toMatchObject({ ...common, method: 'GET', route: '/objects/:object', status: 404 });
    expect(output()).not.toContain(ivan.key);
  });
}
