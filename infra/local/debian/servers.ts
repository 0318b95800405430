import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, installOnce } from '../cache-folder.ts';
import { PrivateApt } from './apt.ts';
import { RELEASE } from './sources.ts';
import { wrapPrograms } from './wrappers.ts';

const PACKAGES = ['postgresql-17', 'postgresql-17-timescaledb', 'redis-server'];

/** Packages needed only for set-up, administration or JIT, which is off. 50 of 96 packages remain. */
const NOT_NEEDED =
  /^(.*perl.*|libllvm.*|libz3-.*|locales|libc-l10n|libc-bin|openssl.*|postgresql.*-common(-dev)?|adduser|debconf|libdebconf.*|passwd|login\.defs|base-passwd|init-system-helpers|sysvinit-utils|sensible-utils|ucf|procps|libproc2-.*|netbase|ssl-cert|readline-common|.*-base|libgdbm.*|libsemanage.*|libsepol2|libpam-modules.*|libaudit-common|libtext-.*|libncursesw6|libmd0|libbsd0.*|tzdata)$/;

/** Change it together with the list of packages or the way they are unpacked: it names the installation's folder. */
const INSTALLATION = `postgresql-17-timescaledb-redis-8-${RELEASE}-1-${process.arch}`;

export interface DebianServers {
  readonly postgresPrograms: string;
  readonly redisServer: string;
}

export function debianServersFolder(): string {
  return join(cacheFolder(), INSTALLATION);
}

export async function installDebianServers(signal: AbortSignal): Promise<void> {
  await installOnce(debianServersFolder(), async (temporary) => {
    const apt = new PrivateApt(join(temporary, 'apt'), signal);
    const root = join(temporary, 'root');
    await apt.update();
    const needed = (await apt.closure(PACKAGES)).filter((name) => !NOT_NEEDED.test(name));
    await apt.unpack(needed, root);
    for (const part of ['doc', 'man', 'locale', 'lintian']) {
      rmSync(join(root, 'usr/share', part), { recursive: true, force: true });
    }
    wrapPrograms(root, ['usr/lib/postgresql/17/bin', 'usr/bin']);
    renameSync(root, join(temporary, 'installed'));
  });
}

export function debianServers(): DebianServers {
  const root = debianServersFolder();
  return {
    postgresPrograms: join(root, 'usr/lib/postgresql/17/bin'),
    redisServer: join(root, 'usr/bin/redis-server'),
  };
}
