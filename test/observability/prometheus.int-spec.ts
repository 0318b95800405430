import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prometheusProcess } from '../../infra/observability/local/prometheus-process.ts';
import { writeConfig } from '../../infra/observability/local/write-config.ts';
import { SupervisedProcess } from '../../infra/process/supervised-process.ts';
import { serviceNames, serviceSettings } from '../../infra/settings.ts';
import { eventually } from '../harness/eventually';
import { freePorts } from '../harness/free-ports';
import { rulesOf } from './every-query';
import { describeWith } from './programs';

/** Rules are evaluated every 15 s. */
const PATIENCE = { within: 90_000 };
const ROOT = join(__dirname, '../..');

interface Rules {
  groups: { rules: { name: string; type: string; health: string }[] }[];
}
interface Targets {
  activeTargets: { labels: { job: string }; scrapeUrl: string }[];
}

describeWith('prometheus', 'the Prometheus of a local start', () => {
  let dataFolder: string;
  let server: SupervisedProcess;
  let port: number;
  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'observe-'));
    [port] = (await freePorts(1)) as [number];
    const folder = writeConfig({ root: ROOT, dataFolder }, serviceSettings({ FEED_HTTP_PORT: '6103' }));
    server = new SupervisedProcess(prometheusProcess({ folder, port, logFile: join(dataFolder, 'prometheus.log') }));
    server.start();
    await server.ready(60_000, new AbortController().signal);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const ask = async <T>(path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return ((await answer.json()) as { data: T }).data;
  };

  it('evaluates every alert', async () => {
    const alerts = await eventually(
      'all are evaluated',
      async () => {
        const { groups } = await ask<Rules>('rules');
        const rules = groups.flatMap((group) => group.rules).filter(({ type }) => type === 'alerting');
        return rules.length > 0 && rules.every(({ health }) => health !== 'unknown') && rules;
      },
      PATIENCE,
    );
    expect(alerts.map(({ name, health }) => [name, health]).sort()).toEqual(
      rulesOf(ROOT)
        .alerts.map(({ alert }) => [alert, 'ok'])
        .sort(),
    );
  });

  it('scrapes every service at its port', async () => {
    const { activeTargets } = await ask<Targets>('targets');
    expect(activeTargets.map(({ labels }) => labels.job).sort()).toEqual([...serviceNames].sort());
    expect(activeTargets.find(({ labels }) => labels.job === 'feed')?.scrapeUrl).toBe('http://127.0.0.1:6103/metrics');
  });
});
