import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runOrFail } from '../../process/run.ts';
import { cacheFolder, installOnce } from '../cache-folder.ts';

const POM = join(import.meta.dirname, 'pom.xml');

/** The folder of Kafka's jars in the cache. Its name changes with pom.xml. */
export function kafkaJarsFolder(): string {
  const pom = readFileSync(POM, 'utf8');
  const version = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([\d.]+)</.exec(pom)?.[1];
  return join(cacheFolder(), `kafka-${version}-${createHash('sha256').update(pom).digest('hex').slice(0, 8)}`);
}

export const kafkaJarsInstalled = () => existsSync(kafkaJarsFolder());

export async function installKafkaJars(maven: readonly string[], java: string, signal: AbortSignal): Promise<void> {
  const [command = 'mvn', ...before] = maven;
  const javaHome = java.includes('/') ? dirname(dirname(java)) : process.env.JAVA_HOME;
  const PATH = java.includes('/') ? `${dirname(java)}${delimiter}${process.env.PATH}` : process.env.PATH;
  await installOnce(kafkaJarsFolder(), async (temporary) => {
    const jars = join(temporary, 'jars');
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`];
    await runOrFail(command, [...before, '-q', '-B', '-ntp', '-f', POM, ...goal], {
      signal,
      env: { ...process.env, PATH, ...(javaHome && { JAVA_HOME: javaHome }) },
    });
    renameSync(jars, join(temporary, 'installed'));
  });
}
