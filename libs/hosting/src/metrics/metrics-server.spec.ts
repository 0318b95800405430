import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveMetrics } from './metrics-server';

describe('the server of metrics', () => {
  let server: Server;
  let isUp = true;
  beforeAll(async () => {
    const check = async () => {
      if (!isUp) throw new Error('down');
    };
    server = await serveMetrics('127.0.0.1', 0, [{ name: 'social-graph', required: true, check }]);
  });
  afterAll(async () => {
    server.close().closeAllConnections();
    await once(server, 'close');
  });

  async function get(path: string) {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  }

  it('serves metrics of the process', async () => {
    const { status, type, body } = await get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toContain('\nnodejs_eventloop_lag_seconds ');
  });

  it('answers health checks as the other port does', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, body: '{"status":"alive"}' });
    expect(await get('/health/ready')).toMatchObject({ status: 200 });
    isUp = false;
    const body = '{"status":"unavailable","dependencies":{"social-graph":"down"}}';
    expect(await get('/health/ready')).toMatchObject({ status: 503, body });
  });

  it('has nothing else', async () => {
    expect(await get('/me')).toMatchObject({ status: 404 });
  });
});
