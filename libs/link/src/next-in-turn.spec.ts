import { type Candidate, isToBeTried, nextInTurn } from './next-in-turn';

const NEVER = Number.NEGATIVE_INFINITY;
const well: Candidate = { connected: true, connecting: false, timedOutAt: NEVER, silent: false, triedAt: NEVER };
const down: Candidate = { ...well, connected: false };
const trying: Candidate = { ...down, connecting: true };
const slow: Candidate = { ...well, timedOutAt: 10_000 };
const hanging: Candidate = { ...slow, silent: true };

const next = (candidates: Candidate[], last = 0, now = 10_500, except?: number) =>
  nextInTurn(candidates, { last, now, passOver: 1_000, except });

describe('nextInTurn', () => {
  it('cycles through the candidates', () => {
    expect([0, 1, 2].map((last) => next([well, well, well], last))).toEqual([1, 2, 0]);
    expect(next([well], 0)).toBe(0);
  });

  it('prefers candidates that answer, then those that hang, then those that are connecting', () => {
    expect(next([well, hanging, trying])).toBe(0);
    expect(next([hanging, trying, down])).toBe(0);
    expect(next([down, trying, down])).toBe(1);
    expect(next([down, down])).toBeUndefined();
  });

  it('skips the candidate that was already called', () => {
    expect(next([well, well], 0, 10_500, 1)).toBe(0);
    expect(next([down, well], 0, 10_500, 1)).toBeUndefined();
  });

  it('avoids a candidate for a while after a timeout', () => {
    expect(next([well, slow], 0, 10_999)).toBe(0);
    expect(next([well, slow], 0, 11_000)).toBe(1);
    expect(next([slow, down], 0, 10_999)).toBe(0);
  });

  it('avoids a silent candidate, however long ago the timeout was', () => {
    expect(next([well, hanging], 0, 1_000_000)).toBe(0);
    expect(next([down, hanging], 0, 1_000_000)).toBe(1);
  });
});

describe('isToBeTried', () => {
  const isDue = (candidate: Candidate, now: number) => isToBeTried(candidate, now, 1_000);

  it('probes a silent candidate once per interval', () => {
    expect([10_999, 11_000].map((now) => isDue(hanging, now))).toEqual([false, true]);
    const tried = { ...hanging, triedAt: 11_000 };
    expect([11_999, 12_000].map((now) => isDue(tried, now))).toEqual([false, true]);
  });

  it('does not probe candidates that answer or are down', () => {
    expect([well, slow, { ...hanging, connected: false }].map((candidate) => isDue(candidate, 20_000))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
