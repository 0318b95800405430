import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { say } from '../console.ts';
import { type NestProject, nestProjects } from './nest-projects.ts';

/**
 * Builds each source file as soon as it is saved, by itself: a program for `tsc -b --watch` takes seconds to make. Types
 * are not checked, and a file that comes out as it was is left alone. Returns what ends it.
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
      say(`! ${name} was not built: ${(error as Error).message}`);
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
  if (existsSync(built) && readFileSync(built, 'utf8') === outputText) return;
  mkdirSync(dirname(built), { recursive: true });
  if (sourceMapText) writeFileSync(`${built}.map`, sourceMapText);
  writeFileSync(built, outputText);
}
