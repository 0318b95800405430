import type { UserId } from '@activity-feed/contracts';
import { KeysInProgress } from './keys-in-progress';

const command = (caller: number, key: string) => ({
  stream: 1 as UserId,
  idempotency: { caller: caller as UserId, key, fingerprint: '' },
});

describe('a command in progress', () => {
  it('is behind an earlier one of the same caller and key, until that has ended', () => {
    const keys = new KeysInProgress();
    const [first, second, third] = [command(1, 'a'), command(1, 'a'), command(1, 'a')];
    for (const one of [first, second, third]) keys.add(one);
    expect([first, second, third].map((one) => keys.isBehind(one))).toEqual([false, true, true]);
    keys.remove(first);
    expect([second, third].map((one) => keys.isBehind(one))).toEqual([false, true]);
    keys.remove(third);
    keys.remove(second);
    expect(keys.isBehind(third)).toBe(false);
  });

  it('is not behind those of other callers and keys, or without a key', () => {
    const keys = new KeysInProgress();
    const others = [
      command(1, 'a'),
      command(2, 'a'),
      command(1, 'b'),
      { stream: 1 as UserId },
      { stream: 1 as UserId },
    ];
    for (const one of others) keys.add(one);
    expect(others.some((one) => keys.isBehind(one))).toBe(false);
  });
});
