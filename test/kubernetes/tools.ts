import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, installOnce, withCacheLock } from '../../infra/local/cache-folder';
import { PrivateApt } from '../../infra/local/debian/apt';
import { RELEASE } from '../../infra/local/debian/sources';
import { runOrFail } from '../../infra/process/run';

/** From Debian. Change the number together with the way it is unpacked. */
const KUSTOMIZE = `kustomize-${RELEASE}-1-${process.arch}`;
/** From PyPI, with the schemas of all Kubernetes versions up to its own. */
const VALIDATOR = 'kubernetes-validate==1.37.0';

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** Whether the tools can be installed. */
export const canInstallTools = (): boolean =>
  runs('apt-get', '--version') && runs('dpkg-deb', '--version') && runs('python3', '-m', 'pip', '--version');

/** Part of the title of tests that are skipped without them. */
export const NEEDS_TOOLS =
  '(needs a Debian-like system and Python 3 with pip, to install kustomize and kubernetes-validate)';

export interface Tools {
  readonly kustomize: string;
  /** The folder with the Python package kubernetes_validate. */
  readonly validator: string;
}

/** Installs the tools into the cache, unless they are there. */
export function installTools(signal: AbortSignal): Promise<Tools> {
  return withCacheLock(signal, async () => {
    const debian = await installOnce(join(cacheFolder(), KUSTOMIZE), async (temporary) => {
      const apt = new PrivateApt(join(temporary, 'apt'), signal);
      await apt.update();
      await apt.unpack(['kustomize'], join(temporary, 'root'));
      renameSync(join(temporary, 'root'), join(temporary, 'installed'));
    });
    const validator = await installOnce(join(cacheFolder(), VALIDATOR.replace('==', '-')), async (temporary) => {
      const target = join(temporary, 'target');
      const options = ['--quiet', '--root-user-action=ignore', '--only-binary=:all:', '--target', target];
      await runOrFail('python3', ['-m', 'pip', 'install', ...options, VALIDATOR], { signal });
      renameSync(target, join(temporary, 'installed'));
    });
    return { kustomize: join(debian, 'usr/bin/kustomize'), validator };
  });
}
