import { warnOfProxies } from './unlisted-proxies';

const PROXY = '10.0.0.1';
const through = { 'x-forwarded-for': '192.0.2.1' };

describe('a request whose key was refused', () => {
  const warn = jest.fn();
  beforeEach(() => warn.mockReset());

  it('causes one warning if it came through a proxy that is not listed', () => {
    const note = warnOfProxies({ warn });
    for (let count = 0; count < 3; count++) note({ ip: PROXY, headers: through, socket: { remoteAddress: PROXY } });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith({ from: PROXY }, expect.stringContaining('TRUSTED_PROXIES'));
  });

  it('causes none if it came directly, or through a proxy that is listed', () => {
    const note = warnOfProxies({ warn });
    note({ ip: PROXY, headers: {}, socket: { remoteAddress: PROXY } });
    note({ ip: '192.0.2.1', headers: through, socket: { remoteAddress: PROXY } });
    expect(warn).not.toHaveBeenCalled();
  });
});
