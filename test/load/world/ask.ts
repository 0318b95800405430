import { OperatorError } from '../../../infra/console.ts';
import type { Gateway, GatewayRequest } from '../traffic/gateway.ts';

/** The body of a good answer; another one ends the run, as nothing could be measured after it. */
// biome-ignore lint/suspicious/noExplicitAny: each caller knows what it asked for
export async function ask(gateway: Gateway, request: GatewayRequest): Promise<any> {
  const { method, path } = request;
  const answer = await gateway.send(request).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') {
      throw new OperatorError('Nothing answers there; npm start starts the system, --url says where it is.');
    }
    throw new OperatorError(`${method} ${path} failed: ${error.message}`);
  });
  if (answer.status < 300) return JSON.parse(answer.body);
  throw new OperatorError(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
}
