import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** Answers all requests with the given bodies in turn. Exits with its parent process. */
process.once('message', async (bodies: string[]) => {
  const server = fastify();
  let answered = 0;
  server.get('/*', (_, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(bodies[answered++ % bodies.length]);
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send?.((server.server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());
