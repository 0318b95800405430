import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { RecentChanges } from './recent-changes';

const [OWNER, OTHER] = [7 as UserId, 8 as UserId];

const position = (stream: UserId, version: number): StreamPosition => ({ source: 'activity', stream, version });

describe('recent changes of objects', () => {
  let time: number;
  const empty = () => new RecentChanges(() => time);

  beforeEach(() => {
    time = 1_000;
  });

  it('have the same digest in all processes, whatever their order', () => {
    const [one, another] = [empty(), empty()];
    one.note(OWNER, 3);
    one.note(OTHER, 5);
    another.note(OTHER, 5);
    another.note(OWNER, 3);
    another.note(OWNER, 3);
    expect(one.digest()).toBe(another.digest());
    for (const stream of [OWNER, OTHER]) one.wrote(position(stream, stream === OWNER ? 3 : 5));
    expect(one.digest()).not.toBe(another.digest());
    for (const { stream, version } of another.toWrite) another.wrote(position(stream, version));
    expect(one.digest()).toBe(another.digest());
    expect(one.toWrite).toEqual([]);
  });

  it('have another digest after each change and each change that is written', () => {
    const changes = empty();
    const digests = [changes.digest()];
    for (const version of [1, 2]) {
      changes.note(OWNER, version);
      digests.push(changes.digest());
    }
    for (const version of [1, 2]) {
      changes.wrote(position(OWNER, version));
      digests.push(changes.digest());
    }
    expect(digests[0]).toBe('');
    expect(new Set(digests).size).toBe(5);
  });

  it('are forgotten 45 s after they were written, and not before they are', () => {
    const changes = empty();
    changes.note(OWNER, 1);
    time += 60_000;
    expect(changes.digest()).not.toBe('');
    changes.wrote(position(OWNER, 1));
    time += 44_000;
    changes.note(OWNER, 2);
    changes.wrote(position(OWNER, 2));
    const both = changes.digest();
    time += 2_000;
    expect(['', both]).not.toContain(changes.digest());
    time += 43_000;
    expect(changes.digest()).toBe('');
    expect(changes.latestAt).toBe(time - 45_000);
  });

  it('are unknown after memory was loaded, so that no digest is shared', () => {
    const [one, another] = [empty(), empty()];
    one.noteLoaded();
    another.noteLoaded();
    expect(one.digest()).not.toBe('');
    expect(one.digest()).not.toBe(another.digest());
  });
});
