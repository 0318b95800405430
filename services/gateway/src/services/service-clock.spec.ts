import { UNKNOWN_CLOCK } from '@activity-feed/contracts';
import { ServiceClock } from './service-clock';

const A = 'instance a';

describe('a service clock', () => {
  it('is unknown without a reading', () => {
    expect(new ServiceClock().deadline(2_500, 0)).toEqual(UNKNOWN_CLOCK);
  });

  it('never returns a deadline that is too late, however slow the reading was', () => {
    const clock = new ServiceClock();
    // The service's clock is 7,000 ms ahead; the answer took 300 ms.
    clock.learn({ instance: A, now: 8_000 }, 1_300);
    expect(clock.deadline(4_000, 1_500)).toEqual({ instance: A, at: 10_700 });
  });

  it('uses the fastest reading', () => {
    const clock = new ServiceClock();
    clock.learn({ instance: A, now: 8_000 }, 1_300);
    clock.learn({ instance: A, now: 9_000 }, 2_001);
    clock.learn({ instance: A, now: 10_000 }, 3_500);
    expect(clock.deadline(4_000, 3_500).at).toBe(10_999);
  });

  it('discards the readings of the previous instance', () => {
    const clock = new ServiceClock();
    clock.learn({ instance: A, now: 8_000 }, 1_000);
    clock.learn({ instance: 'instance b', now: 50 }, 1_000);
    expect(clock.deadline(1_500, 1_000)).toEqual({ instance: 'instance b', at: 550 });
  });

  it('keeps only the best of readings that arrive together', () => {
    const clock = new ServiceClock();
    for (let count = 0; count < 3_000; count++) clock.learn({ instance: A, now: 7_000 + (count % 7) }, 0);
    expect(clock.deadline(100, 500)).toEqual({ instance: A, at: 7_106 });
    expect(clock.deadline(1, 60_000).instance).toBe('');
  });

  it('keeps at most one reading per second, however many arrive', () => {
    const clock = new ServiceClock();
    // In a minute: too many to be looked through for each command.
    for (let count = 0; count < 180_000; count++) clock.learn({ instance: A, now: 7_000 + count / 4 }, count / 4);
    expect(clock.deadline(50_000, 45_000)).toEqual({ instance: A, at: 57_000 });
  });

  it('is refreshed by one command while the others use the last reading', () => {
    const clock = new ServiceClock();
    clock.learn({ instance: A, now: 0 }, 0);
    expect(clock.deadline(1, 9_999).instance).toBe(A);
    expect([clock.deadline(1, 10_000), clock.deadline(1, 10_000)]).toEqual([UNKNOWN_CLOCK, { instance: A, at: 1 }]);
    expect(clock.deadline(1, 11_000)).toEqual(UNKNOWN_CLOCK);
    clock.learn({ instance: A, now: 11_001 }, 11_001);
    expect(clock.deadline(1, 12_000).instance).toBe(A);
  });

  it('is read again by the next command when the first reading was slow', () => {
    const clock = new ServiceClock();
    // The service's clock is 7,000 ms ahead; the answer took 800 ms.
    clock.learn({ instance: A, now: 7_000 }, 800, 0);
    expect([clock.deadline(3_500, 1_000), clock.deadline(3_500, 1_000)]).toEqual([
      UNKNOWN_CLOCK,
      { instance: A, at: 9_700 },
    ]);
    clock.learn({ instance: A, now: 8_010 }, 1_020, 1_000);
    expect(clock.deadline(3_500, 1_020)).toEqual({ instance: A, at: 10_490 });
    expect(clock.deadline(5_000, 2_500).instance).toBe(A);
  });

  it('is read at most once per second while all readings are slow', () => {
    const clock = new ServiceClock();
    clock.learn({ instance: A, now: 0 }, 800, 0);
    const asked = Array.from({ length: 2_000 }, (_, index) => clock.deadline(9_000, 1_000 + index)).filter(
      ({ instance }) => instance === '',
    );
    expect(asked).toHaveLength(2);
  });

  it('is unknown when all readings are old', () => {
    const clock = new ServiceClock();
    clock.learn({ instance: A, now: 0 }, 0);
    clock.deadline(1, 10_000);
    expect([clock.deadline(1, 60_000), clock.deadline(1, 60_000)]).toEqual([UNKNOWN_CLOCK, UNKNOWN_CLOCK]);
  });
});
