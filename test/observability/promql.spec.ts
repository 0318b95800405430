import type { Sample } from '../harness/metrics';
import { groupingsOf, selected, selectorsOf } from './promql';

describe('the selectors of a query', () => {
  it('are found with their matchers, wherever they are', () => {
    const query = 'sum by (job, le) (rate(requests_total{status=~"5..",route!="none"}[5m])) / absent(up offset 1h)';
    expect(selectorsOf(query)).toEqual([
      {
        metric: 'requests_total',
        matchers: [
          { label: 'status', operator: '=~', value: '5..' },
          { label: 'route', operator: '!=', value: 'none' },
        ],
      },
      { metric: 'up', matchers: [] },
    ]);
    expect(groupingsOf(query)).toEqual(['job', 'le']);
  });

  it('may contain colons and escaped characters', () => {
    expect(selectorsOf('job:errors:rate5m{topic=~"a\\\\.b"} > 1')).toEqual([
      { metric: 'job:errors:rate5m', matchers: [{ label: 'topic', operator: '=~', value: 'a\\.b' }] },
    ]);
  });

  it.each(['sum(rate(requests_total[5m])', 'requests_total{status=}', 'rate(requests_total[5x])', '{job="feed"}'])(
    'are refused if the query is wrong: %s',
    (query) => {
      expect(() => selectorsOf(query)).toThrow();
    },
  );
});

describe('a selector', () => {
  const sample = (name: string, labels: Record<string, string>): Sample => ({ name, labels, value: 1 });
  const samples = [
    sample('requests_total', { status: '200', job: 'gateway' }),
    sample('requests_total', { status: '503', job: 'gateway' }),
    sample('errors_total', {}),
  ];
  const statuses = (query: string) =>
    selectorsOf(query).flatMap((one) => selected(samples, one).map(({ labels }) => labels.status));

  it('selects samples as Prometheus does', () => {
    expect(statuses('requests_total')).toEqual(['200', '503']);
    expect(statuses('requests_total{status="503"}')).toEqual(['503']);
    expect(statuses('requests_total{status!="503"}')).toEqual(['200']);
    expect(statuses('requests_total{status=~"5.."}')).toEqual(['503']);
    expect(statuses('requests_total{status!~"5..",job="gateway"}')).toEqual(['200']);
    expect(statuses('requests_total{status=~"5"}')).toEqual([]);
    expect(statuses('requests_total{reason="x"}')).toEqual([]);
    expect(statuses('errors_total{status=""}')).toEqual([undefined]);
  });
});
