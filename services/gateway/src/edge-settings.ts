import { isIP } from 'node:net';
import { z } from 'zod';

const listOf = (isValid: (item: string) => boolean, error: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .refine((items) => items.every(isValid), error);

/** As browsers write an origin: in lower case, without a path and without the default port. */
const isOrigin = (text: string) =>
  text === '*' || (/^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text);

export const origins = listOf(isOrigin, 'must be origins like https://app.example, separated by commas, or *');

const BITS: Record<number, number> = { 4: 32, 6: 128 };

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const most = BITS[isIP(address)];
  if (most === undefined || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most);
}

export const networks = listOf(isNetwork, 'must be addresses or networks like 10.0.0.0/8, separated by commas');
