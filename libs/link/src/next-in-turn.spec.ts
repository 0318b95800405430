import { type Candidate, nextInTurn } from './next-in-turn';

const NEVER = Number.NEGATIVE_INFINITY;
const well: Candidate = { connected: true, connecting: false, timedOutAt: NEVER, silent: false, triedAt: NEVER };
const down: Candidate = { ...well, connected: false };
const trying: Candidate = { ...down, connecting: true };
const slow: Candidate = { ...well, timedOutAt: 10_000 };
const hanging: Candidate = { ...slow, silent: true };

const next = (candidates: Candidate[], last = 0, now = 10_500, except?: number) =>
  nextInTurn(candidates, { last, now, passOver: 1_000, except });

describe('nextInTurn', () => {
  it('goes round', () => {
    expect([0, 1, 2].map((last) => next([well, well, well], last))).toEqual([1, 2, 0]);
    expect(next([well], 0)).toBe(0);
  });

  it('prefers what answers to what hangs, that to what is connecting, and takes nothing that is down', () => {
    expect(next([well, hanging, trying])).toBe(0);
    expect(next([hanging, trying, down])).toBe(0);
    expect(next([down, trying, down])).toBe(1);
    expect(next([down, down])).toBeUndefined();
  });

  it('leaves out the one that was asked already', () => {
    expect(next([well, well], 0, 10_500, 1)).toBe(0);
    expect(next([down, well], 0, 10_500, 1)).toBeUndefined();
  });

  it('passes over one whose call timed out, for a while', () => {
    expect(next([well, slow], 0, 10_999)).toBe(0);
    expect(next([well, slow], 0, 11_000)).toBe(1);
    expect(next([slow, down], 0, 10_999)).toBe(0);
  });

  it('tries one from which nothing came since with one call each such time', () => {
    expect(next([well, hanging], 0, 11_000)).toBe(1);
    expect(next([well, { ...hanging, triedAt: 11_000 }], 0, 11_999)).toBe(0);
    expect(next([well, { ...hanging, triedAt: 11_000 }], 0, 12_000)).toBe(1);
    expect(next([well, { ...slow, triedAt: 11_000 }], 0, 11_001)).toBe(1);
  });
});
