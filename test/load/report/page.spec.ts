import { exampleReport, exampleResult } from '../load-result.example.ts';
import { reportPage } from './page.ts';
import type { SearchStep } from './report.ts';

const assets = { library: 'const library = "</script>";', script: 'const script = 1;', style: 'body { margin: 0 }' };
const step: SearchStep = {
  rate: 1600,
  reached: 900,
  p50: 80,
  p99: 700,
  errors: 0,
  freshnessP99: undefined,
  senderLateP99: 1,
  complaints: ['p99 over 100 ms'],
};

describe('reportPage', () => {
  const page = reportPage(exampleReport, assets);

  it('contains the whole report for its charts', () => {
    const json = /<script type="application\/json" id="report">(.*)<\/script>/.exec(page)?.[1] as string;
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(exampleReport)));
  });

  it('contains its scripts and styles', () => {
    expect(page).toContain('const library = "\\x3c/script>";');
    expect(page).toContain('const script = 1;');
    expect(page).toContain('body { margin: 0 }');
    expect(page).not.toMatch(/(src|href)=/);
  });

  it('shows figures, routes, errors and conditions without scripts', () => {
    for (const text of [
      '48.3 <small>ms</small>',
      'GET /feed/friends',
      '3 × 503 SERVICE_UNAVAILABLE',
      '1 not seen within 10 s',
    ]) {
      expect(page).toContain(text);
    }
    for (const text of ['1a2b3c4', '2 cores, A &lt;fast&gt; one, 24 GiB', '90 % reads, 10 % writes']) {
      expect(page).toContain(text);
    }
  });

  it('has charts only for what was measured', () => {
    expect(page).toContain('id="freshness"');
    expect(page).not.toContain('id="rates"');
    const { freshness, ...unseen } = exampleResult;
    const search = { highestGood: undefined, endedEarly: true, steps: [step] };
    const other = reportPage({ ...exampleReport, result: unseen, search }, assets);
    expect(other).not.toContain('id="freshness"');
    expect(other).toContain('id="rates"');
    expect(other).toContain('No rate was good');
    expect(other).toContain('ended early');
  });
});
