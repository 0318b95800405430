import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError, step } from '../console.ts';
import { run, runOrFail } from '../process/run.ts';
import type { ServerName } from '../settings.ts';
import { installOnce, isRoot, withCacheLock } from './cache-folder.ts';
import { type DebianServers, debianServers, debianServersFolder, installDebianServers } from './debian/servers.ts';
import { canRun, findJava, pipJavaFolder, pipJavaRequirement } from './java.ts';
import { installKafkaJars, kafkaJarsFolder, kafkaJarsInstalled } from './kafka/jars.ts';
import { findMaven, unpackMaven } from './maven.ts';

export interface Installation extends DebianServers {
  readonly java: string;
  readonly kafkaJars: string;
}

const TIME_ZONES = '/usr/share/zoneinfo/UTC';

/** Installs what the servers need into the cache, unless it is there already. */
export async function install(servers: readonly ServerName[], signal: AbortSignal): Promise<Installation> {
  const kafka = servers.includes('kafka');
  const debian = servers.some((name) => name !== 'kafka');
  let java = kafka ? await findJava() : 'java';
  const complete = java && (!kafka || kafkaJarsInstalled()) && (!debian || existsSync(debianServersFolder()));
  if (!complete || (debian && !existsSync(TIME_ZONES))) {
    await withCacheLock(signal, async () => {
      await installMachinePackages(kafka, debian, signal);
      const packages =
        debian &&
        !existsSync(debianServersFolder()) &&
        step('Installing PostgreSQL, TimescaleDB and Redis', () => installDebianServers(signal));
      const jars = kafka && installKafka(signal);
      // Waits for both even if one fails: nothing may write into the cache after the lock is released.
      const ends = await Promise.allSettled([packages, jars]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      java = kafka ? await findJava() : 'java';
    });
  }
  return { ...debianServers(), java: java ?? 'java', kafkaJars: kafkaJarsFolder() };
}

/** Installs missing packages on the machine as root. Other users get Java and Maven in the cache instead. */
async function installMachinePackages(kafka: boolean, debian: boolean, signal: AbortSignal): Promise<void> {
  const missing: string[] = [];
  const java = kafka ? await findJava() : 'java';
  if (!java) missing.push('default-jre-headless');
  if (kafka && !kafkaJarsInstalled() && !(await findMaven(java ?? 'java'))) missing.push('maven');
  if (debian && !existsSync(TIME_ZONES)) missing.push('tzdata');
  if (missing.length === 0) return;
  if (!isRoot) {
    if (missing.includes('tzdata')) {
      throw new OperatorError(`${TIME_ZONES} is missing, and PostgreSQL needs it. Install the package tzdata.`);
    }
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${missing.join(', ')} on this machine (apt-get)`, async () => {
    await run('apt-get', ['-q', 'update'], { env, signal });
    await runOrFail('apt-get', ['-q', '-y', '--no-install-recommends', 'install', ...missing], { env, signal });
  });
}

async function installKafka(signal: AbortSignal): Promise<void> {
  const java = (await findJava()) ?? (await step('Installing a Java runtime (pip)', () => installJava(signal)));
  if (kafkaJarsInstalled()) return;
  const maven = (await findMaven(java)) ?? (await step('Installing Maven', () => unpackMaven(java, signal)));
  await step('Downloading Kafka (Maven)', () => installKafkaJars(maven, java, signal));
}

async function installJava(signal: AbortSignal): Promise<string> {
  if (!(await canRun('python3', ['-m', 'pip', '--version']))) {
    throw new OperatorError(
      `Kafka needs Java 17 or newer, and none was found. Choose one:
  - install Java (Debian: openjdk-17-jre-headless) or set JAVA_HOME;
  - install pip (Debian: python3-pip), so that npm start can install Java for this user;
  - set KAFKA_BROKERS to use a Kafka of your own.`,
    );
  }
  const pip = ['-m', 'pip', '--quiet', 'install', '--no-deps', '--only-binary=:all:', pipJavaRequirement];
  await installOnce(pipJavaFolder(), async (temporary) => {
    const target = join(temporary, 'target');
    await runOrFail('python3', [...pip, '--target', target], { signal });
    renameSync(target, join(temporary, 'installed'));
  });
  const java = await findJava();
  if (!java) throw new OperatorError(`Cannot run the Java in ${pipJavaFolder()}: ${readdirSync(pipJavaFolder())}`);
  return java;
}
