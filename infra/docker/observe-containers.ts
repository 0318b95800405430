import { OperatorError, step } from '../console.ts';
import type { ObserveSettings } from '../observability/local/observe-settings.ts';
import type { Observer } from '../observability/local/observer.ts';
import { type RunOptions, type RunResult, run } from '../process/run.ts';
import type { InfraSettings } from '../settings.ts';

/** Compose requires variables even for commands that start nothing. */
const UNUSED = { OBSERVE_FOLDER: '.', PROMETHEUS_PORT: '1', GRAFANA_PORT: '1', COLLECTOR_PORT: '1', TRACES_PORT: '1' };

function compose(
  { root, name }: InfraSettings,
  command: readonly string[],
  variables: typeof UNUSED,
  options: RunOptions = {},
): Promise<RunResult> {
  const args = ['compose', '--file', 'infra/docker/observe.yml', '--project-name', `${name}-observe`, ...command];
  return run('docker', args, { ...options, cwd: root, env: { ...process.env, COMPOSE_PROFILES: '', ...variables } });
}

export async function removeObservers(infra: InfraSettings): Promise<void> {
  await compose(infra, ['down', '--volumes', '--timeout', '5'], UNUSED);
}

/** Runs Prometheus, Grafana and a collector of traces in containers. `folder` has Prometheus' configuration. */
export async function runObservers(
  infra: InfraSettings,
  { prometheus, grafana, collector, traces }: ObserveSettings,
  folder: string,
  signal: AbortSignal,
): Promise<Observer> {
  const variables = {
    OBSERVE_FOLDER: folder,
    PROMETHEUS_PORT: String(prometheus.port),
    GRAFANA_PORT: String(grafana.port),
    COLLECTOR_PORT: String(collector.port),
    TRACES_PORT: String(traces.port),
  };
  const stop = () => removeObservers(infra);
  try {
    await step('Starting Prometheus, Grafana and a collector of traces in Docker', async () => {
      const { code, output } = await compose(infra, ['up', '--detach', '--wait'], variables, { signal });
      if (code !== 0) throw new OperatorError(`Docker could not start them: ${output.trim().split('\n').at(-1)}`);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const at = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;
  return { addresses: { Dashboards: at(grafana), Metrics: at(prometheus), Traces: at(traces) }, stop };
}
