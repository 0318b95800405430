import { atMost, targetTable } from './targets.ts';

const growing = (to: number, ours: number[]) => ({
  name: 'friends page p50',
  unit: 'ms',
  ours,
  growth: { by: 'followees', to },
});

describe('the table of targets', () => {
  it('shows the median ratio of a figure to its reference, and whether the target is met', () => {
    const figures = [{ name: 'events', unit: '/s', ours: [10, 80, 90], reference: [100, 100, 100] }];
    expect(targetTable([{ benchmark: 'relay', reference: 'kafkajs', figures }])).toContain(
      '| relay against bare kafkajs | at least 0.7 | 0.8 | yes |',
    );
  });

  it('shows the median of how far a figure is above its reference', () => {
    const figures = [{ name: 'CPU', unit: '%', ours: [3, 9, 4], reference: [2, 3, 4] }];
    const targets = [atMost(2, 'CPU above', (of) => of.difference('streams', 'CPU'), '%')];
    const results = [{ benchmark: 'streams', reference: 'without', figures }];
    expect(targetTable(results, targets)).toContain('| CPU above | at most 2 % | 1 % | yes |');
  });

  it('compares figures at different sizes', () => {
    const figures = [growing(50, [1]), growing(5_000, [2])];
    expect(targetTable([{ benchmark: 'followees', reference: undefined, figures }])).toContain(
      '| page over HTTP, 5,000 followees against 50 | at most 1.5 | 2 | **no** |',
    );
  });

  it('is empty if no target was measured', () => {
    expect(targetTable([])).toBe('');
  });
});
