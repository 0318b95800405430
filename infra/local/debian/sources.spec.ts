import { debianSources, packagesToInstall } from './sources.ts';

const printed = (...suites: string[]) =>
  suites.map((suite) => `'${suite}/InRelease' ${suite.replaceAll('/', '_')}_InRelease 0 \n`).join('');

describe('debianSources', () => {
  it("uses the machine's mirrors with the release that has the servers", () => {
    const uris = printed(
      'http://mirror/debian/dists/bookworm',
      'http://mirror/debian/dists/bookworm-updates',
      'http://mirror/debian-security/dists/bookworm-security',
    );
    expect(debianSources(uris, '/keys.gpg')).toBe(
      'deb [signed-by=/keys.gpg] http://mirror/debian trixie main\n' +
        'deb [signed-by=/keys.gpg] http://mirror/debian trixie-updates main\n' +
        'deb [signed-by=/keys.gpg] http://mirror/debian-security trixie-security main\n',
    );
  });

  it('ignores third-party repositories', () => {
    const uris = printed(
      'https://tools/linux/debian/dists/bookworm',
      'https://runtime/node/dists/nodistro',
      'http://mirror/debian/dists/bookworm',
      'http://mirror/debian/dists/bookworm-updates',
    );
    expect(debianSources(uris, '/k')).toContain('http://mirror/debian trixie main');
    expect(debianSources(uris, '/k')).not.toContain('tools');
  });

  it('omits updates and security if the machine has no mirror for them', () => {
    expect(debianSources(printed('http://mirror/debian/dists/stable'), '/k')).toBe(
      'deb [signed-by=/k] http://mirror/debian trixie main\n',
    );
  });

  it('throws if there is no Debian mirror', () => {
    expect(() => debianSources('', '/k')).toThrow('apt has no Debian mirror');
  });
});

describe('packagesToInstall', () => {
  it('reads the package names from the Inst lines', () => {
    const simulation = [
      'NOTE: This is only a simulation!',
      'Inst libc6 (2.41-12 Debian:13.1/stable [amd64]) []',
      'Inst redis-server (5:8.0.2-3 Debian:13.1/stable, Debian-Security:13/stable-security [amd64])',
      'Conf libc6 (2.41-12 Debian:13.1/stable [amd64])',
    ].join('\n');
    expect(packagesToInstall(simulation)).toEqual(['libc6', 'redis-server']);
  });
});
