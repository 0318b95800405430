import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InfraSettings, ServiceSettings } from '../../settings.ts';
import { scrapeConfig } from './scrape-config.ts';

/** Writes Prometheus' configuration and rules. Returns their folder. */
export function writeConfig(
  { root, dataFolder }: Pick<InfraSettings, 'root' | 'dataFolder'>,
  services: ServiceSettings,
): string {
  const given = (file: string) => readFileSync(join(root, 'infra/observability/prometheus', file), 'utf8');
  const folder = join(dataFolder, 'observe');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'prometheus.yml'), scrapeConfig(given('prometheus.yml'), services));
  writeFileSync(join(folder, 'rules.yml'), given('rules.yml'));
  return folder;
}
