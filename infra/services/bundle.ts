import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { builtEntry, type NestProject, nestProjects } from './nest-projects.ts';

/** Packages that others load if they are installed: from node_modules, where a service may have them. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nats-io/transport-node',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'amqp-connection-manager',
  'class-transformer',
  'class-validator',
  'mqtt',
  'pg-native',
  'supports-color',
];

/** Nest's own transport over Kafka is not used. */
const isOptional = (id: string, importer = '') =>
  OPTIONAL.some((name) => id === name || id.startsWith(`${name}/`)) ||
  (id === 'kafkajs' && importer.includes('/node_modules/@nestjs/'));

/**
 * Stack traces show lines of the sources. Packages are left out: a map of them would take long to read, and Node.js counts
 * the lines of each file that has a map.
 */
const mapsOfSources: Plugin = {
  name: 'maps-of-sources',
  load: {
    filter: { id: /\/(libs|services)\/[^/]+\/dist\/.*\.js$/ },
    handler: (id) => ({ code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }),
  },
  transform: {
    filter: { id: /\/node_modules\// },
    handler: (code) => ({ code, map: { mappings: '' } }),
  },
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk' || !file.map) continue;
      const map = `${file.fileName}.map`;
      if (file.map.sources.length === 0) delete files[map];
      else file.code += `\n//# sourceMappingURL=${map}\n`;
    }
  },
};

const HTTP = '\0http';

/**
 * Loads `http` by `require` where packages import it. An import reads all exports, among them those for which Node.js then
 * loads undici, and that takes 35 ms.
 */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  resolveId: {
    filter: { id: /^(node:)?http$/ },
    handler: (_source, _importer, { kind }) => (kind === 'import-statement' ? HTTP : undefined),
  },
  load: {
    filter: { id: /^\0http$/ },
    handler: () => "module.exports = process.getBuiltinModule('http');",
  },
};

/** Any other character would double the memory of its file: V8 would keep the file in two bytes per character. */
const onlyAscii: Plugin = {
  name: 'only-ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk' && /[^\p{ASCII}]/u.test(file.code)) throw new Error(`${file.fileName} is not ASCII`);
    }
  },
};

/** Written when a bundle is complete. */
const stampOf = (project: NestProject) => join(project.root, 'bundle/.complete');

const modifiedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** `tsc -b` writes a project's .tsbuildinfo whenever it writes other files of it. */
function isUpToDate(project: NestProject, libraries: readonly NestProject[]): boolean {
  const built = [project, ...libraries].map(({ root }) => join(root, 'dist/.tsbuildinfo'));
  const newest = Math.max(...[...built, 'package-lock.json', import.meta.filename].map(modifiedAt));
  return modifiedAt(stampOf(project)) > newest;
}

/** Bundles a built service with its packages: reading some files takes a third of the time of reading 1,900. */
async function bundle(project: NestProject): Promise<void> {
  await using build = await rolldown({
    input: builtEntry(project),
    platform: 'node',
    external: isOptional,
    plugins: [mapsOfSources, httpByRequire, onlyAscii],
    // Found in packages, which are taken as they are.
    checks: { eval: false },
    onLog: (_level, { message }) => {
      throw new Error(`cannot bundle ${project.root}: ${message}`);
    },
  });
  await build.write({
    dir: join(project.root, 'bundle'),
    cleanDir: true,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    keepNames: true,
    codeSplitting: { groups: [{ name: 'packages', test: /\/node_modules\//, entriesAware: true }] },
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
    sourcemap: 'hidden',
    sourcemapExcludeSources: true,
  });
  writeFileSync(stampOf(project), '');
}

const projects = Object.values(nestProjects(process.cwd()));
const libraries = projects.filter(({ type }) => type === 'library');
const services = projects.filter(({ type }) => type === 'application');
await Promise.all(services.filter((service) => !isUpToDate(service, libraries)).map(bundle));
