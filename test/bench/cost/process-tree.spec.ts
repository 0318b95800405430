import { type ProcessReading, spentBetween, type TreeReading } from './process-tree.ts';

const reading = (all: number, threads: Record<string, number>): ProcessReading => ({
  all,
  threads: new Map(Object.entries(threads)),
});
const tree = (ended: number, processes: Record<string, ProcessReading>): TreeReading => ({
  ended,
  processes: new Map(Object.entries(processes)),
});

describe('the CPU time that a process tree used between two readings', () => {
  it('is exact while neither threads nor children end', () => {
    const before = tree(70_000, { root: reading(10_000, { a: 19_999, b: 5 }), child: reading(0, { c: 1 }) });
    const after = tree(70_000, { root: reading(20_000, { a: 20_000, b: 7 }), child: reading(0, { c: 5 }) });
    expect(spentBetween(before, after)).toBe(1 + 2 + 4);
  });

  it('includes threads and children that have started', () => {
    const before = tree(0, { root: reading(0, { a: 1_000 }) });
    const after = tree(0, { root: reading(0, { a: 1_500, b: 300 }), child: reading(0, { c: 20 }) });
    expect(spentBetween(before, after)).toBe(500 + 300 + 20);
  });

  it('includes what threads used that have ended, known or not', () => {
    const before = tree(0, { root: reading(400_000, { a: 100_000, b: 310_000 }) });
    const after = tree(0, { root: reading(900_000, { a: 150_000 }) });
    expect(spentBetween(before, after)).toBe(500_000);
  });

  it('includes what children used that have ended, without what they had used before', () => {
    const before = tree(1_000_000, { root: reading(0, { a: 1 }), child: reading(700_000, { c: 705_000 }) });
    const after = tree(1_780_000, { root: reading(0, { a: 2 }) });
    expect(spentBetween(before, after)).toBe(1 + 75_000);
  });

  it('does not become negative by rounding', () => {
    const before = tree(1_000_000, { root: reading(0, { a: 1 }), child: reading(0, { c: 9_000 }) });
    const after = tree(1_000_000, { root: reading(0, { a: 1 }) });
    expect(spentBetween(before, after)).toBe(0);
  });

  it('distinguishes processes that had the same pid in turn', () => {
    const before = tree(0, { root: reading(0, { a: 1 }), '7 100': reading(50_000, { 7: 50_000 }) });
    const after = tree(50_000, { root: reading(0, { a: 1 }), '7 200': reading(0, { 7: 30 }) });
    expect(spentBetween(before, after)).toBe(30);
  });
});
