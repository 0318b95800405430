import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const FOLDER = join(__dirname, '../../infra/kubernetes');

// biome-ignore lint/suspicious/noExplicitAny: manifests of any kind
export type Manifest = any;

export const WORKLOADS = ['Deployment', 'StatefulSet'];

/** All documents of a YAML text. */
export const documentsOf = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS());

/** The resources in the repository, before kustomize combines them. */
export function sources(): Manifest[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
  return files.flatMap((file) => documentsOf(readFileSync(join(FOLDER, file), 'utf8')));
}

export const kustomization = (): Manifest => parse(readFileSync(join(FOLDER, 'kustomization.yaml'), 'utf8'));

export const containerOf = (workload: Manifest): Manifest => workload.spec.template.spec.containers[0];

/** The environment of a workload's container. Variables from secrets have `secretValue`. */
export function environmentOf(workload: Manifest, secretValue: string): Record<string, string> {
  const { envFrom, env } = containerOf(workload);
  const shared = envFrom.flatMap(({ configMapRef }: Manifest) => literalsOf(configMapRef.name));
  const own = env.map(({ name, value }: Manifest) => [name, value ?? secretValue]);
  return Object.fromEntries([...shared, ...own]);
}

function literalsOf(configMap: string): string[][] {
  const { literals } = kustomization().configMapGenerator.find(({ name }: Manifest) => name === configMap);
  return literals.map((literal: string) => {
    const [name, ...value] = literal.split('=');
    return [name, value.join('=')];
  });
}
