import { OperatorError } from '../../../infra/console.ts';
import type { Gateway, GatewayRequest } from '../traffic/gateway.ts';

/** Sends a request that the run depends on. Returns the body; throws on an error response. */
// biome-ignore lint/suspicious/noExplicitAny: callers know the response's type
export async function ask(gateway: Gateway, request: GatewayRequest): Promise<any> {
  const { method, path } = request;
  const answer = await gateway.send(request).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') {
      throw new OperatorError('No running system there. Start it with `npm start`, or set its address with --url.');
    }
    throw new OperatorError(`${method} ${path} failed: ${error.message}`);
  });
  if (answer.status < 300) return JSON.parse(answer.body);
  throw new OperatorError(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
}
