import { crc32 } from 'node:zlib';
import { isMistyped, newKey } from './issued-key';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const numberOf = (digits: string) => [...digits].reduce((sum, digit) => sum * 62n + BigInt(DIGITS.indexOf(digit)), 0n);

describe('an issued key', () => {
  const keys = Array.from({ length: 2_000 }, newKey);

  it('has a prefix, 256 bits and their checksum, in a fixed length', () => {
    for (const key of keys) {
      const [, secret = '', checksum = ''] = /^afs_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(key) ?? [];
      expect(numberOf(secret) < 2n ** 256n).toBe(true);
      expect(numberOf(checksum)).toBe(BigInt(crc32(secret)));
    }
    expect(new Set(keys).size).toBe(keys.length);
    // All bits vary: the mean of the secrets is near the middle of their range.
    const mean = keys.reduce((sum, key) => sum + numberOf(key.slice(4, 47)), 0n) / BigInt(keys.length);
    expect(Math.abs(Number(mean) / 2 ** 256 - 0.5)).toBeLessThan(0.05);
  });

  it('is distinguished from a mistyped one', () => {
    for (const key of keys) {
      expect(isMistyped(key)).toBe(false);
      const place = 4 + (key.charCodeAt(10) % 49);
      const other = key[place] === 'a' ? 'b' : 'a';
      expect(isMistyped(key.slice(0, place) + other + key.slice(place + 1))).toBe(true);
    }
    const [key] = keys as [string];
    for (const text of ['afs_', 'afs_abc', key.slice(0, -1), `${key}0`, `${key} `, key.replace(/.$/, '-')]) {
      expect(isMistyped(text)).toBe(true);
    }
  });

  it('is not expected of keys of earlier versions', () => {
    for (const key of [
      'abc123',
      '',
      'GggO_g-Fv5XqZ0bYcQzthj-5fREe3nzLIEu7VSsUAPs',
      'AFS_abc',
      `afs_${'-'.repeat(39)}`,
    ]) {
      expect(isMistyped(key)).toBe(false);
    }
  });
});
