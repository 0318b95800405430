import { z } from 'zod';
import { isSecret, readSecrets } from './read-secrets';

/** Thrown at boot. Each line names a setting, its value and what is accepted. */
export class WrongConfiguration extends Error {}

/**
 * Reads and checks a service's settings from its environment. An empty variable counts as unset; a secret may be
 * in a file. The settings of each group in `together` must all be set or all be unset.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  given: NodeJS.ProcessEnv = process.env,
  together: readonly (readonly string[])[] = [],
): z.infer<z.ZodObject<Shape>> {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const { environment, problems } = readSecrets(Object.keys(shape), set);
  const result = z.object(shape).safeParse(environment);
  const faults = result.error?.issues.map(({ path, message }) => ({ name: path.join('.'), message })) ?? [];
  const lines = [
    ...problems,
    ...[...faults, ...together.flatMap((group) => missingOf(group, environment))]
      // A problem with the secret's file is already reported.
      .filter(({ name }) => environment[name] !== undefined || set[`${name}_FILE`] === undefined)
      .map(({ name, message }) => `${name} is ${shown(name, environment[name])}: ${message}`),
  ];
  if (!result.success || lines.length > 0) throw new WrongConfiguration(lines.join('\n'));
  return result.data;
}

function missingOf(group: readonly string[], environment: NodeJS.ProcessEnv): { name: string; message: string }[] {
  const present = group.filter((name) => environment[name] !== undefined);
  if (present.length === 0) return [];
  const missing = group.filter((name) => environment[name] === undefined);
  return missing.map((name) => ({ name, message: `required with ${present.join(' and ')}` }));
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  return isSecret(name) ? 'set to an invalid value (not shown)' : `"${value}"`;
}
