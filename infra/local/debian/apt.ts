import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../console.ts';
import { runOrFail } from '../../process/run.ts';
import { debianSources, packagesToInstall } from './sources.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

/** apt with its lists, cache and state in `folder`: it needs no root and does not touch the machine's packages. */
export class PrivateApt {
  private readonly folder: string;
  private readonly signal: AbortSignal;

  constructor(folder: string, signal: AbortSignal) {
    this.folder = folder;
    this.signal = signal;
  }

  async update(): Promise<void> {
    if (!existsSync(KEYRING)) {
      throw new OperatorError(
        `${KEYRING} is missing. Install the package debian-archive-keyring: the servers are Debian packages.`,
      );
    }
    const D = this.folder;
    for (const part of ['etc/preferences.d', 'state/lists/partial', 'cache/archives/partial', 'log', 'packages']) {
      mkdirSync(join(D, part), { recursive: true });
    }
    const printed = await runOrFail('apt-get', ['update', '--print-uris'], { env, signal: this.signal });
    writeFileSync(join(D, 'etc/sources.list'), debianSources(printed, KEYRING));
    writeFileSync(join(D, 'state/status'), '');
    writeFileSync(join(D, 'etc/apt.conf'), configuration(D));
    await this.get('update');
  }

  /** The packages and all their dependencies, as for an empty system. */
  async closure(names: readonly string[]): Promise<string[]> {
    return packagesToInstall(await this.get('-s', 'install', ...names));
  }

  /** Downloads packages and unpacks their files under `target`. Runs no package scripts. */
  async unpack(names: readonly string[], target: string): Promise<void> {
    const packages = join(this.folder, 'packages');
    await this.get('download', ...names);
    mkdirSync(target, { recursive: true });
    for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb'))) {
      await runOrFail('dpkg-deb', ['-x', join(packages, file), target], { env, signal: this.signal });
    }
  }

  private get(...args: string[]): Promise<string> {
    const cwd = join(this.folder, 'packages');
    return runOrFail('apt-get', ['-q', '-c', join(this.folder, 'etc/apt.conf'), ...args], {
      cwd,
      env,
      signal: this.signal,
    });
  }
}

/** Read after the machine's own settings, so its proxies apply. The #clear lines drop clean-up hooks of images. */
function configuration(D: string): string {
  return `#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::Etc::SourceList "${D}/etc/sources.list"; Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "${D}/etc/preferences.d";
Dir::State "${D}/state"; Dir::State::status "${D}/state/status"; Dir::Cache "${D}/cache"; Dir::Log "${D}/log";
APT::Install-Recommends "false"; APT::Sandbox::User ""; Acquire::Languages "none"; Acquire::Retries "3";
`;
}
