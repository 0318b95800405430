import fc from 'fast-check';
import { PREAMBLE, PreambleCheck } from './preamble';

describe('PreambleCheck', () => {
  it('returns the data after the preamble, however it is split', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(10), fc.nat(10), (rest, first, second) => {
        const said = Buffer.concat([PREAMBLE, rest]);
        const cuts = [0, Math.min(first, second), Math.max(first, second), said.length];
        const check = new PreambleCheck();
        const given = [1, 2, 3].map((cut) => check.strip(said.subarray(cuts[cut - 1], cuts[cut])));
        expect(Buffer.concat(given)).toEqual(Buffer.from(rest));
        expect(check.passed).toBe(true);
      }),
    );
  });

  it.each(['X', 'AFL2', 'GET / HTTP/1.1'])('refuses %s', (said) => {
    expect(() => new PreambleCheck().strip(Buffer.from(said))).toThrow('does not begin with AFL1');
  });
});
