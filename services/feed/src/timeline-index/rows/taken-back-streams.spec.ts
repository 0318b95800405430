import type { Microseconds } from '@activity-feed/contracts';
import { TakenBackStreams } from './taken-back-streams';

const FOREVER = Number.POSITIVE_INFINITY as Microseconds;
const at = (time: number) => time as Microseconds;

describe('the streams in which something was taken back', () => {
  let now: number;
  let streams: TakenBackStreams;

  beforeEach(() => {
    now = 1_000_000;
    streams = new TakenBackStreams(() => now, 3);
  });

  /** Notes that the database has everything noted so far. */
  function write(): void {
    const notes = streams.endNotes();
    if (notes) streams.written(notes);
  }

  it('have the latest version and the earliest time', () => {
    expect(streams.isEmpty).toBe(true);
    streams.note(7, 3, at(50));
    streams.note(7, 5, at(70));
    expect(streams.latestOf(7, at(51))).toEqual({ version: 5, isWritten: false });
    expect(streams.latestOf(7, at(50))).toBeUndefined();
    expect(streams.latestOf(8, FOREVER)).toBeUndefined();
  });

  it('are forgotten some time after the database has them all', () => {
    streams.note(7, 3, at(50));
    write();
    streams.note(7, 4, at(80));
    expect(streams.latestOf(7, FOREVER)).toEqual({ version: 4, isWritten: false });
    expect(streams.latestOf(7, at(80))).toEqual({ version: 3, isWritten: true });
    now += 40_000;
    write();
    streams.forgetOld();
    expect(streams.latestOf(7, at(80))).toEqual({ version: 3, isWritten: true });
    now += 10_000;
    streams.forgetOld();
    expect(streams.latestOf(7, at(80))).toBeUndefined();
    expect(streams.latestOf(7, FOREVER)).toEqual({ version: 4, isWritten: true });
    now += 40_000;
    streams.forgetOld();
    expect(streams.isEmpty).toBe(true);
  });

  it('are kept as long as the database may lack them', () => {
    streams.note(7, 3, at(50));
    streams.endNotes();
    now += 1_000_000;
    streams.forgetOld();
    expect(streams.latestOf(7, FOREVER)).toEqual({ version: 3, isWritten: false });
  });

  it('are any if there are too many, and after memory was loaded', () => {
    for (const user of [1, 2, 3]) streams.note(user, 1, at(50));
    expect(streams.latestOf(9, FOREVER)).toBeUndefined();
    streams.note(4, 1, at(50));
    expect(streams.latestOf(9, at(1))).toEqual({ version: Number.POSITIVE_INFINITY, isWritten: false });
    write();
    expect(streams.latestOf(9, at(1))).toEqual({ version: Number.POSITIVE_INFINITY, isWritten: true });
    now += 60_000;
    streams.forgetOld();
    expect(streams.isEmpty).toBe(true);

    streams.noteLoaded();
    expect(streams.latestOf(9, at(1))).toEqual({ version: Number.POSITIVE_INFINITY, isWritten: true });
  });
});
