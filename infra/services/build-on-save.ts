import {
  closeSync,
  existsSync,
  type FSWatcher,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  watch,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { say } from '../console.ts';
import { type NestProject, nestProjects } from './nest-projects.ts';

/**
 * Transpiles each source file as soon as it is saved, without checking types: `tsc -b --watch` would take seconds.
 * Does not write output that has not changed. Returns a function that stops it.
 */
export function buildOnSave(root: string): () => void {
  const watchers = Object.values(nestProjects(root)).map((project) => watchProject(root, project));
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function watchProject(root: string, project: NestProject): FSWatcher {
  const sources = join(root, project.sourceRoot);
  const options = compilerOptions(join(root, project.root, 'tsconfig.json'));
  return watch(sources, { recursive: true }, (_event, name) => {
    if (!name?.endsWith('.ts') || /\.(int-)?spec\.ts$/.test(name)) return;
    const built = join(root, project.root, 'dist', name.replace(/\.ts$/, '.js'));
    try {
      if (existsSync(join(sources, name))) build(join(sources, name), built, options);
    } catch (error) {
      say(`! could not build ${name}: ${(error as Error).message}`);
    }
  });
}

function compilerOptions(file: string): ts.CompilerOptions {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  return ts.getParsedCommandLineOfConfigFile(file, {}, host)?.options ?? {};
}

function build(source: string, built: string, compilerOptions: ts.CompilerOptions): void {
  const text = readFileSync(source, 'utf8');
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    compilerOptions,
    fileName: source,
    reportDiagnostics: true,
  });
  const [wrong] = diagnostics ?? [];
  if (wrong) throw new Error(ts.flattenDiagnosticMessageText(wrong.messageText, '\n'));
  if (existsSync(built) && readFileSync(built, 'utf8').trimEnd() === outputText.trimEnd()) return;
  mkdirSync(dirname(built), { recursive: true });
  if (sourceMapText) overwrite(`${built}.map`, sourceMapText);
  overwrite(built, outputText);
}

/**
 * Overwrites a file in one write, padded with spaces to its previous length. Truncating it first would let a service
 * that restarts load an empty file, and would count as two changes. Node's watch mode follows the file itself, so
 * renaming a new file to this name would end the watch.
 */
function overwrite(file: string, text: string): void {
  const isNew = !existsSync(file);
  const descriptor = openSync(file, isNew ? 'w' : 'r+');
  try {
    const bytes = Buffer.from(text);
    const padding = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - bytes.length), ' ');
    writeSync(descriptor, Buffer.concat([bytes, padding]));
  } finally {
    closeSync(descriptor);
  }
}
