import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { WritesElsewhere } from './writes-elsewhere';

const writer = 1 as UserId;
const at = (stream: number, version: number): StreamPosition => ({
  source: 'activity',
  stream: stream as UserId,
  version,
});

describe('the writes of a user to the streams of others', () => {
  it('are added to those to the user’s own stream', () => {
    const writes = new WritesElsewhere();
    const own = [at(1, 7)];
    expect(writes.addTo(own, writer)).toBe(own);
    writes.note(writer, at(2, 3));
    expect(writes.addTo(own, writer)).toEqual([at(1, 7), at(2, 3)]);
    expect(writes.addTo([], 2 as UserId)).toEqual([]);
  });

  it('have the highest version of each stream, in whatever order they are noted', () => {
    const writes = new WritesElsewhere();
    for (const version of [3, 5, 4]) writes.note(writer, at(2, version));
    writes.note(writer, at(3, 1));
    expect(writes.addTo([], writer)).toEqual([at(3, 1), at(2, 5)]);
  });

  it('are at most the newest 20', () => {
    const writes = new WritesElsewhere();
    for (let stream = 2; stream < 30; stream++) writes.note(writer, at(stream, 1));
    expect(writes.addTo([], writer).map(({ stream }) => stream)).toEqual(Array.from({ length: 20 }, (_, i) => 29 - i));
  });
});
