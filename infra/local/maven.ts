import { existsSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, installOnce } from './cache-folder.ts';
import { PrivateApt } from './debian/apt.ts';
import { RELEASE } from './debian/sources.ts';
import { canRun } from './java.ts';

const folder = () => join(cacheFolder(), `maven-${RELEASE}`);

/** Maven's command line: the machine's Maven, or the one in the cache. */
export async function findMaven(java: string): Promise<string[] | undefined> {
  if (await canRun('mvn', ['-version'])) return ['mvn'];
  return existsSync(folder()) ? unpackedMaven(java) : undefined;
}

/** Maven consists of jars only, so its Debian package works when it is just unpacked. */
export async function unpackMaven(java: string, signal: AbortSignal): Promise<string[]> {
  await installOnce(folder(), async (temporary) => {
    const apt = new PrivateApt(join(temporary, 'apt'), signal);
    await apt.update();
    const names = (await apt.closure(['maven'])).filter((name) => /^maven$|^lib.*-java$/.test(name));
    await apt.unpack(names, join(temporary, 'root'));
    renameSync(join(temporary, 'root'), join(temporary, 'installed'));
  });
  return unpackedMaven(java);
}

function unpackedMaven(java: string): string[] {
  const home = join(folder(), 'usr/share/maven');
  return [
    java,
    '-cp',
    join(home, 'boot/plexus-classworlds-2.x.jar'),
    `-Dclassworlds.conf=${join(home, 'bin/m2.conf')}`,
    `-Dmaven.home=${home}`,
    `-Dmaven.conf=${join(folder(), 'etc/maven')}`,
    `-Dmaven.multiModuleProjectDirectory=${tmpdir()}`,
    'org.codehaus.plexus.classworlds.launcher.Launcher',
  ];
}
