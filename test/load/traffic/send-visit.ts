import { errorOf, lossOf } from '../measure/failure.ts';
import type { Measurements } from '../measure/measurements.ts';
import type { Gateway } from './gateway.ts';
import type { Arrival } from './on-time.ts';
import type { Visit } from './traffic.ts';

/** Sends one request and measures it from the time it was due. Never rejects. */
export async function sendVisit(
  gateway: Pick<Gateway, 'send'>,
  { route, request, learn }: Visit,
  { at, countsFrom }: Pick<Arrival, 'at' | 'countsFrom'>,
  measurements: Measurements,
): Promise<void> {
  let answeredAt: number | undefined;
  let error: string | undefined;
  try {
    const answer = await gateway.send(request);
    answeredAt = performance.now();
    error = errorOf(answer);
    if (!error) learn?.(answer.body);
  } catch (failure) {
    error = lossOf(failure as Error);
  }
  measurements.add(route, at, (answeredAt ?? performance.now()) - countsFrom, error);
}
