import { decodeToken, encodeToken } from './consistency-token';
import type { UserId } from './identifiers';

describe('a consistency token', () => {
  it('decodes to the source, stream and version that were encoded', () => {
    for (const version of [0, 1, 17]) {
      const position = { source: 'activity', stream: 2 as UserId, version } as const;
      expect(decodeToken(encodeToken(position))).toEqual(position);
    }
  });

  it.each(['', 'activity', 'activity.2.01', 'activity.0.1', 'feed.1.1', 'activity.1.1.1', 'activity.9999999999.1'])(
    'is not %p',
    (token) => {
      expect(decodeToken(token)).toBeUndefined();
    },
  );
});
