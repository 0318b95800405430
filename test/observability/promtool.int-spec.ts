import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queriesOfDashboards } from './every-query';
import { describeWith } from './programs';

const RULES = join(__dirname, '../../infra/observability/prometheus/rules.yml');

function promtool(...args: string[]): string {
  return execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });
}

describeWith('promtool', 'Prometheus', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('accepts the rules', () => {
    expect(promtool('check', 'rules', RULES)).toContain('SUCCESS');
  });

  it('accepts the queries of the dashboards', () => {
    const rules = queriesOfDashboards().map(({ query }, index) => ({ record: `query_${index}`, expr: query }));
    const file = join(folder, 'queries.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
    expect(promtool('check', 'rules', file)).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('alerts as the examples say', () => {
    expect(promtool('test', 'rules', join(__dirname, 'rules.test.yml'))).toContain('SUCCESS');
  });
});
