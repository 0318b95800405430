import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serviceNames, serviceSettings } from '../../settings.ts';
import { scrapeConfig } from './scrape-config.ts';

interface Config {
  global: object;
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

const text = readFileSync(join(__dirname, '../prometheus/prometheus.yml'), 'utf8');
const given = parse(text) as Config;
const targetsOf = ({ scrape_configs }: Config) =>
  Object.fromEntries(scrape_configs.map((job) => [job.job_name, job.static_configs.flatMap(({ targets }) => targets)]));

describe("Prometheus' configuration", () => {
  it('has a job for every service, at the port that the images have for metrics', () => {
    const port = (name: string) => (name === 'gateway' ? 5010 : 5000);
    expect(targetsOf(given)).toEqual(Object.fromEntries(serviceNames.map((name) => [name, [`${name}:${port(name)}`]])));
  });

  it('has the same jobs, intervals and rules for a local start, at the ports that are set', () => {
    const local = parse(scrapeConfig(text, serviceSettings({ GATEWAY_METRICS_PORT: '6010', FEED_HTTP_PORT: '6103' })));
    expect({ ...local, scrape_configs: [] }).toEqual({ ...given, scrape_configs: [] });
    expect(targetsOf(local)).toEqual({
      'social-graph': ['127.0.0.1:5101'],
      activity: ['127.0.0.1:5102'],
      feed: ['127.0.0.1:6103'],
      gateway: ['127.0.0.1:6010'],
    });
  });
});
