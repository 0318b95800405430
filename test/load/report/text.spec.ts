import { exampleReport, exampleResult } from '../load-result.example.ts';
import { senderWarning, stepLine, summaryText } from './text.ts';

describe('summaryText', () => {
  it('lists the routes and the kinds of errors', () => {
    expect(summaryText(exampleReport)).toBe(
      `
199 successful requests a second (target: 200), over 6 s.
Latencies in ms, from the time at which a request was due:

                     requests  errors   p50   p90   p99  p99.9  max
  GET /feed/friends     1,200       3  4.20  9.75  48.3    130  131
  POST /post               50       0  4.20  9.75  48.3    130  131
  all                   1,200       3  4.20  9.75  48.3    130  131
  freshness                30       1  4.20  9.75  48.3    130  131

Errors:
  GET /feed/friends: 3 × 503 SERVICE_UNAVAILABLE`.trimStart(),
    );
  });

  it('starts with the highest good rate of a search', () => {
    const text = summaryText({ ...exampleReport, search: { highestGood: 1400, endedEarly: false, steps: [] } });
    expect(text).toMatch(/^Highest good rate: 1,400 requests a second\.\n/);
  });

  it('says that a run ended early', () => {
    const text = summaryText({ ...exampleReport, result: { ...exampleResult, endedEarly: true } });
    expect(text).toContain('ended early');
  });
});

describe('stepLine', () => {
  it('shows why a rate was bad', () => {
    const step = { rate: 800, reached: 640.4, p50: 40, p99: 1234.5, errors: 2, freshnessP99: 80, senderLateP99: 1 };
    expect(stepLine({ ...step, complaints: ['p99 over 100 ms'] })).toBe(
      '✗    800/s   reached    640   p50   40.0   p99  1,235   fresh p99   80.0   p99 over 100 ms',
    );
  });
});

describe('senderWarning', () => {
  it('warns if the sender was slow, unless the system was much slower', () => {
    expect(senderWarning(exampleResult)).toBeUndefined();
    const late = { ...exampleResult.sender.late, p99: 30 };
    expect(senderWarning({ ...exampleResult, sender: { late, busy: 0.98 } })).toContain(
      'more than 30.0 ms late, using 98 %',
    );
    const all = { ...exampleResult.all, p99: 3000 };
    expect(senderWarning({ ...exampleResult, all, sender: { late, busy: 0.98 } })).toBeUndefined();
  });
});
