import { OperatorError } from '../../console.ts';

export const RELEASE = 'trixie';

/**
 * The sources list for RELEASE on the machine's own mirrors, taken from `apt-get update --print-uris`. A third-party
 * repository may also have a suite named after a Debian release, but only Debian's has one for updates.
 */
export function debianSources(printedUris: string, keyring: string): string {
  const suites = [...printedUris.matchAll(/^'(\S+?)\/+dists\/(\S+?)\/(?:In)?Release'/gm)].map(
    ([, uri = '', suite = '']) => ({ uri, suite }),
  );
  const updates = suites.find(({ suite }) => /^[a-z]+-updates$/.test(suite));
  const archive = updates?.uri ?? suites.find(({ uri, suite }) => /^[a-z]+$/.test(suite) && /\/debian$/.test(uri))?.uri;
  if (!archive) throw new OperatorError('apt has no Debian mirror: `apt-get update --print-uris` lists none.');
  const security = suites.find(({ suite }) => /^[a-z]+-security$/.test(suite))?.uri;
  const lines = [
    [archive, RELEASE],
    ...(updates ? [[archive, `${RELEASE}-updates`]] : []),
    ...(security ? [[security, `${RELEASE}-security`]] : []),
  ];
  return lines.map(([uri, suite]) => `deb [signed-by=${keyring}] ${uri} ${suite} main\n`).join('');
}

/** The packages to install, parsed from the output of `apt-get -s install`. */
export function packagesToInstall(simulation: string): string[] {
  return [...simulation.matchAll(/^Inst (\S+) /gm)].map(([, name = '']) => name);
}
