import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NestProject {
  type: 'application' | 'library';
  root: string;
  sourceRoot: string;
  entryFile: string;
}

/** The services and libraries listed in nest-cli.json. */
export function nestProjects(root: string): Record<string, NestProject> {
  return JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')).projects;
}

/** The built file that runs `project`, and the same bundled with its packages. */
export const builtEntry = (project: NestProject) => join(project.root, 'dist', `${project.entryFile}.js`);
export const bundledEntry = (project: NestProject) => join(project.root, 'bundle', `${project.entryFile}.mjs`);
