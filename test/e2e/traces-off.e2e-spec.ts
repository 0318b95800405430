import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../harness/service-process';

/** Writes the URL of every module that is loaded. */
const LIST_MODULES = `data:text/javascript,
import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });`;

/** The modules that a service without settings loads, before it finds out that it has none. */
function modulesOf(service: ServiceName, environment: Record<string, string>): Promise<string[]> {
  const main = join(__dirname, '../../services', service, 'bundle/main.mjs');
  return new Promise((resolve) => {
    const { PATH = '' } = process.env;
    execFile(process.execPath, ['--import', LIST_MODULES, main], { env: { PATH, ...environment } }, (_error, stdout) =>
      resolve(stdout.split('\n').filter((line) => line.startsWith('file:'))),
    );
  });
}

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };

describe.each<ServiceName>(['gateway', 'social-graph', 'activity', 'feed'])('%s', (service) => {
  it('loads the SDK of OpenTelemetry only if there is a collector', async () => {
    const ofSdk = (modules: string[]) =>
      modules.filter((url) => readFileSync(fileURLToPath(url), 'utf8').includes('BatchSpanProcessor')).length;
    const without = await modulesOf(service, {});
    expect(without.some((url) => url.includes('/start-'))).toBe(true);
    expect(ofSdk(without)).toBe(0);
    expect(ofSdk(await modulesOf(service, COLLECTOR))).toBeGreaterThan(0);
  });
});
