import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { AccountChanges } from './account-changes';

const [IVAN, NICO] = [1, 2] as [UserId, UserId];
const at = (stream: UserId, version: number): StreamPosition => ({ source: 'social-graph', stream, version });

describe('accounts that have become private or public', () => {
  let changes: AccountChanges;
  beforeEach(() => {
    jest.useFakeTimers();
    // The cache treats a time of 0 as unset.
    jest.advanceTimersByTime(1);
    changes = new AccountChanges();
  });
  afterEach(() => jest.useRealTimers());

  it('are required of all reads for a second, and of reads about the user from then on', () => {
    expect(changes.of([IVAN])).toEqual([]);
    changes.note(at(IVAN, 4));
    expect([changes.of([]), changes.of([NICO]), changes.of([IVAN])]).toEqual([
      [at(IVAN, 4)],
      [at(IVAN, 4)],
      [at(IVAN, 4)],
    ]);
    jest.advanceTimersByTime(1_001);
    expect([changes.of([]), changes.of([NICO]), changes.of([NICO, IVAN])]).toEqual([[], [], [at(IVAN, 4)]]);
  });

  it('are required as of the newest change, whatever the order of the announcements', () => {
    changes.note(at(IVAN, 7));
    changes.note(at(IVAN, 6));
    expect(changes.of([IVAN])).toEqual([at(IVAN, 7)]);
  });
});
