import { parse, stringify } from 'yaml';
import { type ServiceSettings, serviceNames } from '../../settings.ts';

interface PrometheusConfig {
  scrape_configs: object[];
}

/** The configuration that is given for containers, with the services on this machine as its targets. */
export function scrapeConfig(forContainers: string, { ports }: ServiceSettings): string {
  const jobs = serviceNames.map((name) => {
    const { http, metrics = http } = ports[name];
    return { job_name: name, static_configs: [{ targets: [`127.0.0.1:${metrics.port}`] }] };
  });
  return stringify({ ...(parse(forContainers) as PrometheusConfig), scrape_configs: jobs });
}
