import { SOURCES } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeLogPosition, encodeLogPosition, isBefore, type LogPosition } from './log-position';

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
    const position = Object.fromEntries(SOURCES.map((source) => [source, new Array(12).fill(1e6)]));
    expect(encodeLogPosition(position as unknown as LogPosition).length).toBeLessThan(160);
  });

  it('is not read from a text that was cut, lengthened or changed in its first byte', () => {
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

  it('has the events before its offsets, and those of earlier versions, which have no place', () => {
    const position: LogPosition = { 'social-graph': [], activity: [0, 5], 'social-graph-private': [1] };
    const has = (partition: number, offset: number) => isBefore({ source: 'activity', partition, offset }, position);
    expect([has(1, 4), has(1, 5), has(0, 0), has(2, 0)]).toEqual([true, false, false, false]);
    expect(isBefore(undefined, position)).toBe(true);
  });
});
