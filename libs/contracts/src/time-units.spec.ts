import { fromMilliseconds, type Microseconds, type Milliseconds, toMilliseconds } from './time-units';

describe('units of time', () => {
  it('are converted; microseconds are rounded down to whole milliseconds', () => {
    const time = fromMilliseconds(1_790_000_000_123);
    expect(time).toBe(1_790_000_000_123_000);
    expect(toMilliseconds((time + 999) as Microseconds)).toBe(1_790_000_000_123);
    expect(toMilliseconds(Number.NEGATIVE_INFINITY as Microseconds)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('cannot be mixed', () => {
    const milliseconds: Milliseconds = Date.now();
    const microseconds = fromMilliseconds(milliseconds);
    // The type check fails if one of these lines is accepted.
    // @ts-expect-error
    toMilliseconds(milliseconds);
    // @ts-expect-error
    toMilliseconds(Date.now());
    // @ts-expect-error
    fromMilliseconds(microseconds);
    expect(microseconds).toBeGreaterThan(milliseconds);
  });
});
