import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../console.ts';
import { runOrFail } from '../../process/run.ts';
import { debianSources, packagesToInstall } from './sources.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

/** apt with lists, cache and state of its own in `folder`: it needs no root and leaves the machine's packages alone. */
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
        `${KEYRING} is missing: the servers come from Debian's packages (debian-archive-keyring).`,
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

  /** Everything that an installation of these packages on an empty system would bring. */
  async closure(names: readonly string[]): Promise<string[]> {
    return packagesToInstall(await this.get('-s', 'install', ...names));
  }

  /** Downloads packages and unpacks their files under `target`; no script of theirs is run. */
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

/** Read after the machine's own settings, whose proxies still hold; the #clear lines drop an image's clean-up hooks. */
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
