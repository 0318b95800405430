import { encodeToken, type StreamPosition, type UserId } from '@activity-feed/contracts';
import type { Services } from '../services/services';
import { Consistency } from './consistency';
import type { StreamVersions } from './stream-versions';
import { UnsentWrites } from './unsent-writes';
import type { WrittenVersions } from './written-versions';

const READER = 1 as UserId;
const own: StreamPosition = { source: 'social-graph', stream: READER, version: 3 };
const others: StreamPosition = { source: 'activity', stream: 2 as UserId, version: 7 };

describe('a read that must show young writes', () => {
  it('lets their services send at once, each write once', () => {
    const unsent = new UnsentWrites();
    const sendEvents = jest.fn();
    const written = { unsent, known: () => [own], accountsOf: () => [] };
    const consistency = new Consistency(
      written as Partial<WrittenVersions> as WrittenVersions,
      { has: () => true } as Partial<StreamVersions> as StreamVersions,
      { sendEvents } as Partial<Services> as Services,
    );
    consistency.forRead(READER, encodeToken(others));
    expect(sendEvents.mock.calls).toEqual([]);
    unsent.note(own);
    consistency.forRead(READER, undefined);
    expect(sendEvents.mock.calls).toEqual([['social-graph']]);
    consistency.forRead(READER, undefined);
    unsent.note(others);
    consistency.forRead(READER, undefined);
    expect(sendEvents.mock.calls).toHaveLength(1);
    consistency.forRead(READER, encodeToken(others));
    expect(sendEvents.mock.calls).toEqual([['social-graph'], ['activity']]);
  });
});
