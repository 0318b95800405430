import { spread } from './measure/spread.ts';
import { table } from './report.ts';

describe('the table of benchmarks', () => {
  it('shows medians with their spread, and the ratios per round', () => {
    const figure = { name: 'events', unit: '/s', ours: [100, 300, 120], reference: [200, 400, 300] };
    expect(
      table([{ benchmark: 'relay', reference: 'kafkajs', figures: [figure] }])
        .split('\n')
        .at(-1),
    ).toBe('| relay | events | 120 (100–300) /s | 300 (200–400) /s | 0.5 (0.4–0.75) |');
  });

  it('has no ratio without a reference', () => {
    const figure = { name: 'p50', unit: 'ms', ours: [1.2345] };
    expect(table([{ benchmark: 'latency', reference: undefined, figures: [figure] }])).toContain(
      '| latency | p50 | 1.23 ms | – | – |',
    );
  });

  it('shows missing answers', () => {
    const figure = { name: 'p50', unit: 'ms', ours: [], reference: [7000] };
    expect(table([{ benchmark: 'trending', reference: 'raw', figures: [figure] }])).toContain(
      '| trending | p50 | no answer | 7,000 ms | – |',
    );
  });

  it('uses the mean of the two middle values as the median of an even number', () => {
    expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, least: 1, most: 4 });
  });
});
