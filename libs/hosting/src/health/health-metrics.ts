import { Gauge } from 'prom-client';
import { atScrape } from '../metrics/at-scrape';
import { checkHealth, type Dependency, type Health } from './health-check';

/** Registers metrics of what the readiness check reports, which is checked at each scrape. */
export function measureHealth(dependencies: Dependency[]): void {
  // Longer than the check waits for a dependency.
  const read = atScrape(() => checkHealth(dependencies), 2_000);
  const measure = (name: string, help: string, labelNames: string[], show: (gauge: Gauge, health: Health) => void) =>
    new Gauge({
      name,
      help,
      labelNames,
      async collect() {
        const health = await read();
        this.reset();
        if (health) show(this, health);
      },
    });
  measure('service_ready', 'Whether the readiness check answers 200', [], (gauge, { status }) =>
    gauge.set(status === 'unavailable' ? 0 : 1),
  );
  measure('dependency_up', 'Whether what the service depends on is up', ['dependency'], (gauge, health) => {
    for (const [dependency, state] of Object.entries(health.dependencies))
      gauge.set({ dependency }, state === 'down' ? 0 : 1);
  });
}
