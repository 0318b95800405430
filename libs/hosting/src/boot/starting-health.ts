import { createServer, type RequestListener, type Server } from 'node:http';

/**
 * Answers health checks on a service's HTTP port while the database is being migrated, which may take long. Liveness
 * succeeds; readiness reports the progress. The service then takes over the same server, so the port never closes.
 */
export class StartingHealth {
  /** State of each dependency during the start, as readiness reports it. */
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

  /** Fastify's `serverFactory`; the handler receives requests after {@link handOver}. */
  readonly serverFactory = (handler: RequestListener): Server => {
    this.service = handler;
    return this.server;
  };

  /** From now on the service answers. */
  handOver(): void {
    if (this.service) this.answer = this.service;
  }
}
