import fc from 'fast-check';
import { decodeFeedPosition, encodeFeedPosition, laterFeedPosition } from './feed-position';

const offsets = fc.array(fc.nat(Number.MAX_SAFE_INTEGER), { maxLength: 6 });
const positions = fc.record({
  epoch: fc.nat(2 ** 40),
  log: fc.record({ 'social-graph': offsets, activity: offsets, 'social-graph-private': offsets }),
});

describe('a position in the log', () => {
  it('is kept as a text that needs no escaping', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const text = encodeFeedPosition(position);
        expect(decodeFeedPosition(text)).toEqual(position);
        expect(encodeURIComponent(text)).toBe(text);
      }),
    );
  });

  it.each([
    '',
    '.',
    'abc',
    't6h4lc.',
    '.AQAAAA',
    't6h4lc.A',
    'T6.AQAAAA',
    '123456789.AQAAAA',
    't6h4lc.AQAAAAA',
    '0t6h4l.AQAAAA',
    't6h4lc.AgAAAA',
  ])('is refused as %p', (text) => expect(decodeFeedPosition(text)).toBeUndefined());

  it('is later if it has more of the same log, or belongs to a later log', () => {
    const at = (epoch: number, ...activity: number[]) => ({
      epoch,
      log: { 'social-graph': [], activity, 'social-graph-private': [] },
    });
    expect(laterFeedPosition(at(1, 3, 1), at(1, 2, 4))).toEqual(at(1, 3, 4));
    expect(laterFeedPosition(at(1, 3), at(2, 1))).toEqual(at(2, 1));
  });
});
