import * as fc from 'fast-check';
import { Lease, type Taken } from './lease';

const WINDOW = 2_000;

/** Leases of one bucket, with a clock and a fixed window like that of Redis. */
function bucketOf({ points, gateways = 1 }: { points: number; gateways?: number }) {
  const clock = { now: 1_000 };
  let consumed = 0;
  let endsAt = Number.NEGATIVE_INFINITY;
  const take = jest.fn(async (count: number): Promise<Taken> => {
    if (clock.now >= endsAt) [consumed, endsAt] = [0, clock.now + WINDOW];
    consumed += count;
    return { consumed, endsIn: endsAt - clock.now };
  });
  const options = { points, window: WINDOW, take, now: () => clock.now };
  const leases = Array.from({ length: gateways }, () => new Lease(options));
  const use = async (count: number, lease = leases[0] as Lease) => {
    const used = await Promise.all(Array.from({ length: count }, () => lease.use()));
    return used.filter(Boolean).length;
  };
  return { clock, take, leases, lease: leases[0] as Lease, use };
}

describe('a lease', () => {
  it('asks nobody for less than a tenth of the points', async () => {
    const { take, lease, clock } = bucketOf({ points: 200 });
    for (let window = 0; window < 10; window++) {
      for (let request = 0; request < 19; request++) expect(lease.use()).toBe(true);
      clock.now += WINDOW;
    }
    expect(take).not.toHaveBeenCalled();
  });

  it('counts the first tenth when it takes more', async () => {
    const { take, use } = bucketOf({ points: 200 });
    expect(await use(20)).toBe(20);
    expect(take.mock.calls).toEqual([[40]]);
  });

  it('takes the next block while half of the last is left', async () => {
    const { take, use, lease } = bucketOf({ points: 200 });
    await use(20);
    for (let request = 0; request < 9; request++) expect(lease.use()).toBe(true);
    expect(take).toHaveBeenCalledTimes(1);
    expect(lease.use()).toBe(true);
    expect(take.mock.calls).toEqual([[40], [20]]);
  });

  it('admits exactly the points of a window, and as many in the next', async () => {
    const { use, clock, lease } = bucketOf({ points: 200 });
    expect(await use(500)).toBe(200);
    expect(lease.use()).toBe(false);
    expect(lease.isEmpty).toBe(true);
    expect(lease.endsIn).toBe(WINDOW);
    clock.now += WINDOW - 1;
    expect(lease.use()).toBe(false);
    clock.now += 1;
    expect(lease.isEmpty).toBe(false);
    expect(await use(500)).toBe(200);
  });

  it('admits what is left when less than a block is left', async () => {
    const { use } = bucketOf({ points: 11 });
    expect(await use(9)).toBe(9);
    expect(await use(9)).toBe(2);
  });

  it('asks once for all requests that wait', async () => {
    const { use, take } = bucketOf({ points: 1_000 });
    await use(1_000);
    expect(take.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('refuses instead of failing when points cannot be taken', async () => {
    const lease = new Lease({ points: 10, window: WINDOW, take: () => Promise.reject(new Error('no')), now: () => 1 });
    expect(lease.use()).toBe(true);
    expect(await lease.use()).toBe(false);
  });

  const steps = fc.array(fc.record({ gateway: fc.nat(2), count: fc.nat(60), pause: fc.nat(900) }), { maxLength: 40 });

  it('admits in a window at most the points and a tenth for each gateway, and never less than the points', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), steps, async (points, requests) => {
        const { use, leases } = bucketOf({ points, gateways: 3 });
        const admitted = await Promise.all(requests.map(({ gateway, count }) => use(count, leases[gateway])));
        const total = admitted.reduce((sum, count) => sum + count, 0);
        const wanted = requests.reduce((sum, { count }) => sum + count, 0);
        expect(total).toBeLessThanOrEqual(points + 3 * Math.ceil(points / 10));
        // A gateway may hold a part that only another one needs.
        if (leases.every((lease) => lease.isEmpty)) expect(total).toBeGreaterThanOrEqual(Math.min(points, wanted));
      }),
    ));

  it('admits at most the points and a tenth in the mean of all windows', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), steps, async (points, requests) => {
        const { use, clock } = bucketOf({ points });
        const begin = clock.now;
        let total = 0;
        for (const { count, pause } of requests) {
          total += await use(count);
          clock.now += pause;
        }
        const windows = Math.floor((clock.now - begin) / WINDOW) + 1;
        expect(total).toBeLessThanOrEqual(windows * (points + Math.ceil(points / 10)));
      }),
    ));
});
