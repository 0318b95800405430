import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** Those that a provider assigns. The rest of an address is chosen by its holder. */
const NETWORK_GROUPS = 4;
const MAPPED = /^::ffff:(?=\d+\.)/i;

/** What is limited as one address: an IPv4 address, or the /64 network of an IPv6 address. */
export function addressGroup(ip: string): string {
  const address = ip.replace(MAPPED, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const missing = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  const network = [...before, ...missing, ...after].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
