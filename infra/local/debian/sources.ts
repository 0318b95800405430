import { OperatorError } from '../../console.ts';

export const RELEASE = 'trixie';

/**
 * The sources list for the release the servers come from, on the mirrors that this machine is set up with, read off
 * `apt-get update --print-uris`. A repository of others may also be named after the release; only Debian's has updates.
 */
export function debianSources(printedUris: string, keyring: string): string {
  const suites = [...printedUris.matchAll(/^'(\S+?)\/+dists\/(\S+?)\/(?:In)?Release'/gm)].map(
    ([, uri = '', suite = '']) => ({ uri, suite }),
  );
  const updates = suites.find(({ suite }) => /^[a-z]+-updates$/.test(suite));
  const archive = updates?.uri ?? suites.find(({ uri, suite }) => /^[a-z]+$/.test(suite) && /\/debian$/.test(uri))?.uri;
  if (!archive)
    throw new OperatorError('apt is set up with no Debian mirror (apt-get update --print-uris shows none).');
  const security = suites.find(({ suite }) => /^[a-z]+-security$/.test(suite))?.uri;
  const lines = [
    [archive, RELEASE],
    ...(updates ? [[archive, `${RELEASE}-updates`]] : []),
    ...(security ? [[security, `${RELEASE}-security`]] : []),
  ];
  return lines.map(([uri, suite]) => `deb [signed-by=${keyring}] ${uri} ${suite} main\n`).join('');
}

/** The packages an installation would bring, read off `apt-get -s install`. */
export function packagesToInstall(simulation: string): string[] {
  return [...simulation.matchAll(/^Inst (\S+) /gm)].map(([, name = '']) => name);
}
