import { debianSources, packagesToInstall } from './sources.ts';

const printed = (...suites: string[]) =>
  suites.map((suite) => `'${suite}/InRelease' ${suite.replaceAll('/', '_')}_InRelease 0 \n`).join('');

describe('debianSources', () => {
  it('keeps the mirrors of the machine and names the release of the servers', () => {
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

  it('passes over repositories of others, whatever their suites are named', () => {
    const uris = printed(
      'https://tools/linux/debian/dists/bookworm',
      'https://runtime/node/dists/nodistro',
      'http://mirror/debian/dists/bookworm',
      'http://mirror/debian/dists/bookworm-updates',
    );
    expect(debianSources(uris, '/k')).toContain('http://mirror/debian trixie main');
    expect(debianSources(uris, '/k')).not.toContain('tools');
  });

  it('does without updates and security where the machine has none', () => {
    expect(debianSources(printed('http://mirror/debian/dists/stable'), '/k')).toBe(
      'deb [signed-by=/k] http://mirror/debian trixie main\n',
    );
  });

  it('says so when there is no mirror', () => {
    expect(() => debianSources('', '/k')).toThrow('no Debian mirror');
  });
});

describe('packagesToInstall', () => {
  it('reads the names off the lines that install', () => {
    const simulation = [
      'NOTE: This is only a simulation!',
      'Inst libc6 (2.41-12 Debian:13.1/stable [amd64]) []',
      'Inst redis-server (5:8.0.2-3 Debian:13.1/stable, Debian-Security:13/stable-security [amd64])',
      'Conf libc6 (2.41-12 Debian:13.1/stable [amd64])',
    ].join('\n');
    expect(packagesToInstall(simulation)).toEqual(['libc6', 'redis-server']);
  });
});
