import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, register } from 'prom-client';
import { checkHealth, type Dependency } from '../health/health-check';
import { measureHealth } from '../health/health-metrics';

interface Answer {
  status: number;
  type: string;
  body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Serves metrics and health checks on a port of their own, for a service whose other port is public. */
export async function serveMetrics(host: string, port: number, dependencies: Dependency[]): Promise<Server> {
  collectDefaultMetrics();
  measureHealth(dependencies);
  const server = createServer(async (request, response) => {
    const { status, type, body } = await answer(request.url, dependencies).catch(failed);
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  const listening = once(server, 'listening');
  server.listen(port, host);
  await listening;
  return server;
}

async function answer(url = '', dependencies: Dependency[]): Promise<Answer> {
  switch (url.split('?', 1)[0]) {
    case '/metrics':
      return { status: 200, type: register.contentType, body: await register.metrics() };
    case '/health/live':
      return { status: 200, type: JSON_TYPE, body: JSON.stringify({ status: 'alive' }) };
    case '/health/ready': {
      const health = await checkHealth(dependencies);
      return { status: health.status === 'unavailable' ? 503 : 200, type: JSON_TYPE, body: JSON.stringify(health) };
    }
    default:
      return { status: 404, type: 'text/plain', body: 'not found\n' };
  }
}

const failed = (error: Error): Answer => ({ status: 500, type: 'text/plain', body: `${error.message}\n` });
