import { z } from 'zod';

/** Thrown at boot: each line names a setting, what it got and what it wants. */
export class WrongConfiguration extends Error {}

/** Reads a service's settings from its environment, once, at boot. An empty variable counts as unset. */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = z.object(shape).safeParse(set);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `${name} is ${shown(name, set[name])}: ${message}`;
  });
  throw new WrongConfiguration(lines.join('\n'));
}

/** Keys, and URLs with passwords in them, stay out of the log. */
const SECRET = /KEY|URL/;

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  return SECRET.test(name) ? 'set to something else (not shown)' : `"${value}"`;
}
