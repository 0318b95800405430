import { fastify as createFastify } from 'fastify';
import { register } from 'prom-client';
import { observeDuration } from './request-durations';

describe('the durations of requests', () => {
  it('are counted by method, route and status, however many paths and methods there are', async () => {
    const server = createFastify();
    server.addHook('onResponse', (request, reply, done) => {
      observeDuration(request, reply);
      done();
    });
    server.addHttpMethod('PURGE').addHttpMethod('MKCOL');
    server.get('/objects/:object', async () => ({ likes: 1 }));
    server.route({
      method: ['PURGE', 'MKCOL'],
      url: '/objects/:object',
      handler: (_, reply) => reply.code(405).send(),
    });
    const ask = (method: string, url: string) => server.inject({ method: method as 'GET', url });
    for (const url of ['/objects/photo:1', '/objects/photo:2', '/nowhere/1', '/nowhere/2']) await ask('GET', url);
    for (const method of ['PURGE', 'MKCOL']) await ask(method, '/objects/photo:1');
    await ask('HEAD', '/objects/photo:1');
    const metrics = await register.getSingleMetricAsString('http_request_duration_seconds');
    const counts = metrics.split('\n').filter((line) => line.startsWith('http_request_duration_seconds_count'));
    const series = (method: string, route: string, status: number, count: number) =>
      `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"} ${count}`;
    expect(counts.sort()).toEqual([
      series('GET', '/objects/:object', 200, 2),
      series('GET', 'none', 404, 2),
      series('HEAD', '/objects/:object', 200, 1),
      series('other', '/objects/:object', 405, 2),
    ]);
  });
});
