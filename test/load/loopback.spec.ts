import { loopbackOrigin } from './loopback.ts';

describe('loopbackOrigin', () => {
  it.each([
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['http://127.9.9.9:80/path?a=b', 'http://127.9.9.9'],
    ['http://[::1]:5000/', 'http://[::1]:5000'],
    ['http://localhost:5000', 'http://127.0.0.1:5000'],
    ['http://0x7f000001:5000', 'http://127.0.0.1:5000'],
  ])('accepts a URL on this machine: %s', (text, origin) => {
    expect(loopbackOrigin(text)).toBe(origin);
  });

  it.each([
    'http://192.0.2.1:5000',
    'http://0.0.0.0:5000',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[2001:db8::1]:5000',
  ])('rejects a URL elsewhere: %s', (text) => {
    expect(() => loopbackOrigin(text)).toThrow('it must be on this machine');
  });

  it.each(['127.0.0.1:5000', 'https://127.0.0.1', 'file:///etc', ''])('rejects other text: "%s"', (text) => {
    expect(() => loopbackOrigin(text)).toThrow('it must be a URL such as http://127.0.0.1:5000');
  });
});
