import { isProof, newNonce, proofOf } from './service-proof';

const SECRET = 'a secret of the tests';

describe('a proof of the service secret', () => {
  const nonce = newNonce();
  const proof = proofOf(SECRET, 'commands', nonce);

  it('is accepted for its secret, purpose and nonce alone', () => {
    expect(isProof(SECRET, 'commands', nonce, proof)).toBe(true);
    expect(isProof('another secret of the tests', 'commands', nonce, proof)).toBe(false);
    expect(isProof(SECRET, 'reads', nonce, proof)).toBe(false);
    expect(isProof(SECRET, 'commands', newNonce(), proof)).toBe(false);
  });

  it.each([0, 31, 33])('is refused with %i bytes', (length) => {
    expect(isProof(SECRET, 'commands', nonce, Buffer.alloc(length))).toBe(false);
  });

  it('does not contain the secret', () => {
    expect(proof.toString('latin1')).not.toContain(SECRET);
  });

  it('is not made for anything but a nonce', () => {
    expect(() => proofOf(SECRET, 'commands', Buffer.alloc(16))).toThrow('a nonce has 32 bytes, not 16');
  });
});
