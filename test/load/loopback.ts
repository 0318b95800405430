import { BlockList, isIP } from 'node:net';
import { OperatorError } from '../../infra/console.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** The origin of a URL. Throws if it is not on this machine. */
export function loopbackOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:') {
    throw new OperatorError(`--url is "${text}"; it must be a URL such as http://127.0.0.1:5000.`);
  }
  // Names are not resolved, since they could point anywhere.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  const address = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0 || !loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')) {
    throw new OperatorError(`--url is "${text}"; it must be on this machine: 127.0.0.1, [::1] or localhost.`);
  }
  return url.origin;
}
