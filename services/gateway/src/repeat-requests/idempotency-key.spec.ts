import type { UserId } from '@activity-feed/contracts';
import { acceptsIdempotencyKey } from './accept-keys';
import { idempotencyFrom, isIdempotencyKey } from './idempotency-key';

describe('an idempotency key', () => {
  it.each(['a', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'a, b', ' ~', 'x'.repeat(255)])('may be %j', (text) => {
    expect(isIdempotencyKey(text)).toBe(true);
  });

  it.each(['', 'x'.repeat(256), 'a\tb', 'a\n', 'é', '\x7f', '\0'])('must not be %j', (text) => {
    expect(isIdempotencyKey(text)).toBe(false);
  });

  it.each([
    ['POST', '/post', true],
    ['PATCH', '/me', true],
    ['DELETE', '/objects/:object', true],
    ['delete', '/objects/{object}', true],
    ['POST', '/tickets', false],
    ['PUT', '/me/position', false],
    ['GET', '/me', false],
  ])('of %s %s is accepted: %s', (method, path, accepted) => {
    expect(acceptsIdempotencyKey(method, path)).toBe(accepted);
  });
});

describe('what services know of a request', () => {
  const request = { method: 'DELETE', route: '/objects/:object', url: '/objects/photo:1', body: null };
  const ofKey = (text: string, more: Partial<Record<keyof typeof request, unknown>> = {}) =>
    idempotencyFrom(7 as UserId, text, { ...request, ...more } as typeof request);
  const first = ofKey('a');

  it('is two hashes, and the same for each repeat', () => {
    expect(first).toEqual({
      caller: 7,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(ofKey('a')).toEqual(first);
    expect(first.key).not.toBe(first.fingerprint);
  });

  it('has the key of its route, method and text', () => {
    const keys = [
      first,
      ofKey('b'),
      ofKey('a', { method: 'POST' }),
      ofKey('a', { route: '/objects/:object/restore' }),
      ofKey('', { route: '/objects/:objecta' }),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(ofKey('a', { url: '/objects/photo:2' }).key).toBe(first.key);
  });

  it('has the fingerprint of its method, URL and body', () => {
    const fingerprints = [
      first,
      ofKey('a', { method: 'POST' }),
      ofKey('a', { url: '/objects/photo:2' }),
      ofKey('a', { url: '/objects/photo:1?' }),
      ofKey('a', { body: Buffer.from('{}') }),
      ofKey('a', { body: Buffer.from('{ }') }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(ofKey('b').fingerprint).toBe(first.fingerprint);
  });
});
