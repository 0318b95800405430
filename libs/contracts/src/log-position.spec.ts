import fc from 'fast-check';
import {
  decodeLogPosition,
  encodeLogPosition,
  hasAll,
  isInLog,
  LOG_START,
  type LogPosition,
  laterPosition,
  positionBeyond,
} from './log-position';
import { EVENT_SOURCES } from './topics';

const offsets = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 20 });
const positions = fc.record({ 'social-graph': offsets, activity: offsets, 'social-graph-private': offsets });

describe('a position in the log', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeLogPosition(encodeLogPosition(position))).toEqual(position);
      }),
    );
  });

  it('takes fewer than 160 characters for twelve partitions of a million events each', () => {
    const position = Object.fromEntries(EVENT_SOURCES.map((source) => [source, new Array(12).fill(1e6)]));
    expect(encodeLogPosition(position as unknown as LogPosition).length).toBeLessThan(160);
  });

  it('is not read from a text that was cut, lengthened or is of another generation of the log', () => {
    fc.assert(
      fc.property(positions, fc.nat({ max: 255 }), (position, byte) => {
        const bytes = Buffer.from(encodeLogPosition(position), 'base64url');
        const read = (changed: Buffer) => decodeLogPosition(changed.toString('base64url'));
        expect(read(bytes.subarray(0, -1))).toBeUndefined();
        expect(read(Buffer.concat([bytes, Buffer.of(byte)]))).toBeUndefined();
        expect(read(Buffer.concat([Buffer.of(2), bytes.subarray(1)]))).toBeUndefined();
      }),
    );
  });

  it.each(['', '!', 'AQ', 'Af____8', 'AQAA', 'AYCAgICAgICAgAEAAA'])('is not %p', (text) => {
    expect(decodeLogPosition(text)).toBeUndefined();
  });

  it('has all that another has if it is at or after that in every partition', () => {
    fc.assert(
      fc.property(positions, positions, (one, other) => {
        const later = laterPosition(one, other);
        expect(laterPosition(other, one)).toEqual(later);
        expect([hasAll(later, one), hasAll(later, other), hasAll(one, LOG_START)]).toEqual([true, true, true]);
        expect(hasAll(one, other)).toBe(hasAll(one, later));
        const beyond = positionBeyond(other, one);
        expect(beyond === undefined).toBe(hasAll(one, other));
        const together = laterPosition(one, beyond ?? LOG_START);
        expect([hasAll(together, later), hasAll(later, together)]).toEqual([true, true]);
      }),
    );
  });

  it('has the events before its offsets, and those of earlier versions, which have no place', () => {
    const position: LogPosition = { 'social-graph': [], activity: [0, 5], 'social-graph-private': [1] };
    const has = (partition: number, offset: number) => isInLog({ source: 'activity', partition, offset }, position);
    expect([has(1, 4), has(1, 5), has(0, 0), has(2, 0)]).toEqual([true, false, false, false]);
    expect(isInLog(undefined, position)).toBe(true);
  });
});
