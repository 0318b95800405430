import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../../infra/console.ts';
import type { Gateway, GatewayRequest } from '../traffic/gateway.ts';

/** Milliseconds before a request is sent again that is beyond a rate limit. */
const LIMITED_PAUSE = 1_000;

/** Sends a request that the run depends on. Returns the body; throws on an error response whose status is not `accepted`. */
// biome-ignore lint/suspicious/noExplicitAny: callers know the response's type
export async function ask(gateway: Gateway, request: GatewayRequest, accepted: number[] = []): Promise<any> {
  const { method, path } = request;
  const answer = await gateway.send(request).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') {
      throw new OperatorError('No running system there. Start it with `npm start`, or set its address with --url.');
    }
    throw new OperatorError(`${method} ${path} failed: ${error.message}`);
  });
  if (answer.status < 300 || accepted.includes(answer.status)) return JSON.parse(answer.body);
  if (answer.status === 429 && JSON.parse(answer.body).code === 'RATE_LIMITED') {
    await pause(LIMITED_PAUSE);
    return ask(gateway, request, accepted);
  }
  throw new OperatorError(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
}
