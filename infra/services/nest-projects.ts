import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NestProject {
  root: string;
  sourceRoot: string;
  entryFile: string;
}

/** The services and libraries as nest-cli.json lists them. */
export function nestProjects(root: string): Record<string, NestProject> {
  return JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')).projects;
}

/** What runs `project` once it is built. */
export const builtEntry = (project: NestProject) => join(project.root, 'dist', `${project.entryFile}.js`);
