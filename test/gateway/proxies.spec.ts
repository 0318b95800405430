import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyRequest } from 'fastify';
import { LoneGateway } from './lone-gateway';

const HANDLED = 'tracing:fastify.request.handler:start';

describe('the address of a client', () => {
  /** The address that the gateway takes for the client's. */
  async function addressWith(proxies: string[] | undefined, forwardedFor: string): Promise<string> {
    const gateway = await LoneGateway.start(undefined, { TRUSTED_PROXIES: proxies });
    let address = '';
    const note = (message: unknown) => {
      address = (message as { request: FastifyRequest }).request.ip;
    };
    subscribe(HANDLED, note);
    try {
      await gateway.ask(`GET /health/live HTTP/1.1\r\nhost: a\r\nx-forwarded-for: ${forwardedFor}\r\n\r\n`);
    } finally {
      unsubscribe(HANDLED, note);
      await gateway.stop();
    }
    return address;
  }

  it.each([
    ['of the connection, if no proxy is trusted', undefined, '192.0.2.1', '127.0.0.1'],
    ['of the connection, if that is not a trusted proxy', ['10.0.0.0/8'], '192.0.2.1', '127.0.0.1'],
    ['the one that a trusted proxy forwards', ['127.0.0.0/8'], '192.0.2.1', '192.0.2.1'],
    [
      'the last before the trusted proxies; a client can forge those before',
      ['127.0.0.1', '10.0.0.0/8'],
      '198.51.100.9, 192.0.2.1, 10.1.2.3',
      '192.0.2.1',
    ],
    ['the last, if a proxy before it is not trusted', ['127.0.0.1'], '192.0.2.1, 10.1.2.3', '10.1.2.3'],
  ])('is %s', async (_case, proxies, forwardedFor, expected) => {
    expect(await addressWith(proxies, forwardedFor)).toBe(expected);
  });
});
