import { HELD_SHARE } from './overload/section.ts';
import { pageAfter } from './page.ts';
import type { BenchReport } from './report.ts';

const report = (edition: 'apache' | 'community', p50: number): BenchReport => ({
  date: '2026-03-01T00:00:00Z',
  commit: 'abc',
  command: 'npm run bench -- aggregates',
  machine: { cores: 2, processor: 'a processor', memoryGiB: 24, node: 'v24', busyProcesses: 0 },
  timescale: { edition, version: '2.29.2', postgres: '17.12', sharedBuffers: '128MB' },
  results: [
    {
      benchmark: 'aggregates',
      reference: 'raw',
      figures: [{ name: 'my summary of 30 days', unit: 'ms', ours: [p50], reference: [200] }],
    },
  ],
});

describe('the page of benchmarks', () => {
  it('has a section for each edition, and a run replaces only the section of its edition', () => {
    const both = pageAfter(pageAfter('# Benchmarks\n', report('apache', 111), false), report('community', 2), false);
    expect(both).toMatch(/^# Benchmarks\n[\s\S]*Community edition[\s\S]*Apache edition/);
    const again = pageAfter(both, report('apache', 333), false);
    expect(again).toContain('| my summary of 30 days | 333 ms | 200 ms |');
    expect(again).not.toContain('111 ms');
    expect(again).toContain('| my summary of 30 days | 2 ms | 200 ms |');
  });

  it('is rewritten by a run of all benchmarks, except for the section of the other edition', () => {
    const page = pageAfter('# Old\n', report('community', 2), false);
    const again = pageAfter(page, report('apache', 333), true);
    expect(again).not.toContain('# Old');
    expect(again.match(/my summary of 30 days \| (2|333) ms/g)).toHaveLength(2);
  });

  it('shows the targets only for the edition that they apply to', () => {
    const target = '| my summary of 30 days, p50 | at most 5 ms | 2 ms | yes |';
    expect(pageAfter('', report('community', 2), false)).toContain(target);
    expect(pageAfter('', report('apache', 2), false)).not.toContain(target);
  });

  it('has a section for overload, which runs of other benchmarks keep', () => {
    const overloaded = (seconds: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'overload',
          reference: 'the knee',
          figures: [{ name: 'three times the knee: time to recover', unit: 's', ours: [seconds] }],
        },
      ],
    });
    const page = pageAfter(pageAfter('# Benchmarks\n', report('apache', 111), false), overloaded(9), false);
    expect(page).toContain('| three times the knee: time to recover | at most 5 s | 9 s | **no** |');
    expect(page).toContain('111 ms');
    const again = pageAfter(pageAfter(page, overloaded(2), false), report('apache', 333), false);
    expect(again).toContain('at most 5 s | 2 s | yes |');
    expect(again).not.toContain('9 s');
    expect(again).toContain('333 ms');
  });

  it('has a section about reads beside a reader who follows very many users', () => {
    const beside = (p99: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'crowd',
          reference: 'nothing beside them',
          figures: [{ name: 'others’ friends pages, p99', unit: 'ms', ours: [p99], reference: [10] }],
        },
      ],
    });
    const page = pageAfter(pageAfter('# Benchmarks\n', report('community', 2), false), beside(900), false);
    expect(page).toContain('| others’ friends pages, p99 | at most 50 ms | 900 ms | **no** |');
    const again = pageAfter(page, beside(20), false);
    expect(again).toContain('| others’ friends pages, p99 | at most 50 ms | 20 ms | yes |');
    expect(again).not.toContain('900 ms');
    expect(again).toContain('my summary of 30 days');
    expect(pageAfter(again, report('community', 3), true)).toContain('at most 50 ms | 20 ms | yes |');
  });

  it('has a section for pages with their objects', () => {
    const figure = 'friends page of 50, p50';
    const expanded = (p50: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'expanded-pages',
          reference: 'the page alone',
          figures: [{ name: figure, unit: 'ms', ours: [p50], reference: [1] }],
        },
      ],
    });
    const page = pageAfter(pageAfter('# Benchmarks\n', report('community', 2), false), expanded(9), false);
    expect(page).toContain(`| ${figure}, with its objects | at most 3 ms | 9 ms | **no** |`);
    const again = pageAfter(page, expanded(2), false);
    expect(again).toContain(`| ${figure}, with its objects | at most 3 ms | 2 ms | yes |`);
    expect(again).toContain('my summary of 30 days');
  });

  it('has a section for pages after activities were taken back', () => {
    const figure = 'page p50, 50 followees in memory';
    const takenBack = (p50: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'taken-back',
          reference: 'the same without',
          figures: [{ name: figure, unit: 'µs', ours: [p50], reference: [100] }],
        },
      ],
    });
    const page = pageAfter('# Benchmarks\n', takenBack(150), false);
    expect(page).toContain(`| ${figure}, against the same without | at most 1.1 | 1.5 | **no** |`);
    const again = pageAfter(page, takenBack(100), false);
    expect(again).toContain(`| ${figure}, against the same without | at most 1.1 | 1 | yes |`);
  });

  it('has a section for open streams', () => {
    const figure = 'CPU while all streams are idle';
    const open = (cpu: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'streams',
          reference: 'without streams',
          figures: [{ name: figure, unit: '% of a core', ours: [cpu], reference: [3] }],
        },
      ],
    });
    const page = pageAfter('# Benchmarks\n', open(9), false);
    expect(page).toContain(
      `| ${figure}, beyond that without streams | at most 5 % of a core | 6 % of a core | **no** |`,
    );
    const again = pageAfter(page, open(4), false);
    expect(again).toContain(`| ${figure}, beyond that without streams | at most 5 % of a core | 1 % of a core | yes |`);
    expect(again).not.toContain('**no**');
  });

  it('has a section for the cost of writes', () => {
    const costs = (ours: number): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'cost',
          reference: 'a page',
          figures: [{ name: 'a write at 100/s', unit: 'µs', ours: [ours], reference: [20] }],
        },
      ],
    });
    const page = pageAfter('# Benchmarks\n', costs(6_000), false);
    expect(page).toContain('| CPU of a write at 100/s against bare Fastify’s page | at most 70 | 300 | **no** |');
    expect(pageAfter(page, costs(1_000), false)).toContain('| at most 70 | 50 | yes |');
  });

  it('mentions a CPU limit for the services only if there was one', () => {
    const heldTo = (ours: number[]): BenchReport => ({
      ...report('apache', 1),
      results: [
        {
          benchmark: 'overload',
          reference: 'the knee',
          figures: [
            { name: 'the knee', unit: '/s', ours: [1_000] },
            ...(ours.length ? [{ name: HELD_SHARE, unit: 'cores', ours }] : []),
          ],
        },
      ],
    });
    expect(pageAfter('', heldTo([0.25]), false)).toContain('Each service is limited to 0.25 of a core');
    const page = pageAfter('', heldTo([]), false);
    expect(page).not.toContain('is limited to');
    expect(page).toContain('The services share all cores with the load');
  });
});
