import type { Deadline, Refusal } from '@activity-feed/contracts';
import type { ExecutionContext } from '@nestjs/common';
import { lastValueFrom, of } from 'rxjs';
import { Deadlines } from './deadlines';

const NEVER: Deadline = { instance: 'another', at: Number.MAX_SAFE_INTEGER };

describe('the deadline of a command', () => {
  const deadlines = new Deadlines();

  const answerTo = (data: unknown) => {
    const context = { getType: () => 'rpc', switchToRpc: () => ({ getData: () => data }) };
    const next = { handle: () => of('carried out') };
    return lastValueFrom(deadlines.intercept(context as unknown as ExecutionContext, next));
  };

  it('is optional, since older gateways send none', async () => {
    expect(await answerTo({ name: 'ivan' })).toBe('carried out');
    expect(await answerTo(undefined)).toBe('carried out');
  });

  it('by another clock is refused, and answered with a reading of this clock', async () => {
    const { ok, code, clock } = (await answerTo({ deadline: NEVER })) as Refusal;
    expect({ ok, code }).toEqual({ ok: false, code: 'SERVICE_UNAVAILABLE' });
    expect(Math.abs(performance.now() - (clock?.now ?? 0))).toBeLessThan(1_000);
  });

  it('by this clock is enforced', async () => {
    const { clock } = (await answerTo({ deadline: NEVER })) as Refusal;
    const { instance = '', now = 0 } = clock ?? {};
    expect(await answerTo({ deadline: { instance, at: now + 60_000 } })).toBe('carried out');
    expect(await answerTo({ deadline: { instance, at: now } })).toEqual({ ok: false, code: 'SERVICE_UNAVAILABLE' });
  });
});
