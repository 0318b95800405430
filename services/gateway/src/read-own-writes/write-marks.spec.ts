import type { UserId } from '@activity-feed/contracts';
import { marksOf, readMarks, type WrittenBy } from './write-marks';

describe('the marks of an announcement', () => {
  it.each<WrittenBy>([
    {},
    { writer: 7 as UserId },
    { changesAccount: 'privacy' },
    { writer: 7 as UserId, changesAccount: 'suspension' },
    { changesKeys: true },
    { changesLimits: true },
  ])('are read back: %j', (by) => {
    expect(readMarks(['distrust', ...marksOf(by), 'of-a-later-version'])).toEqual({
      writer: undefined,
      changesAccount: undefined,
      changesKeys: false,
      changesLimits: false,
      ...by,
    });
  });
});
