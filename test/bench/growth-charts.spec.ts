import { growthCharts } from './growth-charts.ts';

const figure = (name: string, to: number, ours: number[]) => ({
  name,
  unit: 'ms',
  ours,
  growth: { by: 'followees', to },
});

describe('the charts of growing cost', () => {
  it('draw the medians of a figure over its sizes', () => {
    const figures = [figure('p50', 50, [1, 3, 2]), figure('p50', 5_000, [4.5])];
    const chart = growthCharts([{ benchmark: 'followees', reference: undefined, figures }]);
    expect(chart).toContain('title "p50 by followees"');
    expect(chart).toContain('x-axis "followees" ["50", "5,000"]');
    expect(chart).toContain('y-axis "ms" 0 --> 5');
    expect(chart).toContain('line [2.00, 4.50]');
  });

  it('omit figures that were measured at one size only', () => {
    const figures = [{ name: 'requests', unit: '/s', ours: [1] }];
    expect(growthCharts([{ benchmark: 'my-page', reference: undefined, figures }])).toBe('');
  });
});
