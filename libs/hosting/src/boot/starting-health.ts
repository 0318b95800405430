import { createServer, type RequestListener, type Server } from 'node:http';

/**
 * Answers health on a service's HTTP port from before its database is up to date, which may take long: a liveness probe
 * finds the process alive, and readiness says what it is at. Later the service answers there itself, with no moment in
 * between in which nobody listens.
 */
export class StartingHealth {
  /** What the start is at, by dependency; shown by readiness. */
  readonly dependencies: Record<string, string> = {};
  private readonly server = createServer((request, response) => this.answer(request, response));
  private service: RequestListener | undefined;
  private answer: RequestListener = (request, response) => {
    const live = request.url === '/health/live';
    response.writeHead(live ? 200 : 503, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(live ? { status: 'alive' } : { status: 'starting', dependencies: this.dependencies }));
  };

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  /** Fastify's `serverFactory`: the service's requests come by this server, once it is handed over. */
  readonly serverFactory = (handler: RequestListener): Server => {
    this.service = handler;
    return this.server;
  };

  /** Has the service answer from now on. */
  handOver(): void {
    if (this.service) this.answer = this.service;
  }
}
