import { Measurements } from '../measure/measurements.ts';
import { get } from './api.ts';
import type { GatewayAnswer } from './gateway.ts';
import { sendVisit } from './send-visit.ts';

async function measured(answer: () => Promise<GatewayAnswer>, learn?: (body: string) => void) {
  const measurements = new Measurements();
  const visit = { route: 'GET /me' as const, request: get({ name: 'ann', key: 'a' }, '/me'), learn };
  const dueAt = performance.now() - 500;
  await sendVisit({ send: answer }, visit, { at: 1500, countsFrom: dueAt }, measurements);
  return measurements;
}

describe('sendVisit', () => {
  it('measures from the time the request was due, not the time it was sent', async () => {
    const measurements = await measured(async () => ({ status: 200, body: '{}' }));
    expect(measurements.summary().max).toBeGreaterThanOrEqual(500);
    expect(measurements.bySecond()[1]?.count).toBe(1);
    expect(measurements.errors).toBe(0);
  });

  it('passes only successful responses to the traffic', async () => {
    const learnt: string[] = [];
    await measured(
      async () => ({ status: 200, body: 'good' }),
      (body) => learnt.push(body),
    );
    await measured(
      async () => ({ status: 503, body: 'bad' }),
      (body) => learnt.push(body),
    );
    expect(learnt).toEqual(['good']);
  });

  it.each([
    ['an error', async () => ({ status: 400, body: '{"code":"BAD_REQUEST"}' }), '400 BAD_REQUEST'],
    ['a body that is not JSON', async () => ({ status: 200, body: '<html>' }), 'SyntaxError'],
    ['a lost connection', () => Promise.reject(Object.assign(new Error(), { code: 'ECONNRESET' })), 'ECONNRESET'],
  ])('counts %s as one error with its name', async (_, answer, name) => {
    const measurements = await measured(answer, JSON.parse);
    expect(measurements.byRoute()).toMatchObject([{ count: 1, errors: { [name]: 1 } }]);
  });
});
