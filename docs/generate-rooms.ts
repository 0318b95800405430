import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type IReporterOutput } from 'dependency-cruiser';

/** The folders that each folder imports. */
type Arrows = Map<string, Set<string>>;

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(import.meta.dirname, 'architecture.md');
const layersOf: Record<string, string[][]> = createRequire(import.meta.url)('../services/rooms.cjs');

const folderIn = (service: string, path: string): string | undefined =>
  path.startsWith(`services/${service}/src/`) ? path.split('/').slice(3, -1)[0] : undefined;

async function arrowsOf(service: string): Promise<Arrows> {
  const options = {
    baseDir: ROOT,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'spec\\.ts$|^(libs|services)/[^/]+/(dist|bundle)/' },
  };
  const { output } = (await cruise([`services/${service}/src`], {
    ...options,
    tsPreCompilationDeps: true,
    ruleSet: {},
  })) as { output: Exclude<IReporterOutput['output'], string> };
  const arrows: Arrows = new Map();
  for (const { source, dependencies } of output.modules) {
    const from = folderIn(service, source);
    for (const { resolved } of dependencies) {
      const to = folderIn(service, resolved);
      if (from === undefined || to === undefined || from === to) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

/** Whether a path of several arrows leads from `from` to `to`. */
function isImplied(arrows: Arrows, from: string, to: string): boolean {
  const reaches = (at: string): boolean => at === to || [...(arrows.get(at) ?? [])].some(reaches);
  return [...(arrows.get(from) ?? [])].some((next) => next !== to && reaches(next));
}

/** Draws the folders with Mermaid, without arrows that others imply. */
function pictureOf(layers: string[][], arrows: Arrows): string {
  const folders = layers.toReversed().flat();
  const lines = folders.flatMap((from) => {
    const shown = [...(arrows.get(from) ?? [])].filter((to) => !isImplied(arrows, from, to)).sort();
    return shown.length > 0 ? [`  ${from} --> ${shown.join(' & ')}`] : [`  ${from}`];
  });
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

const pictures: string[] = [];
for (const [service, layers] of Object.entries(layersOf)) {
  pictures.push(`### services/${service}\n\n${pictureOf(layers, await arrowsOf(service))}`);
}
const page = readFileSync(PAGE, 'utf8');
const section = `<!-- rooms -->\n${pictures.join('\n\n')}\n<!-- rooms end -->\n`;
writeFileSync(
  PAGE,
  page.replace(/<!-- rooms -->\n[\s\S]*?<!-- rooms end -->\n/, () => section),
);
