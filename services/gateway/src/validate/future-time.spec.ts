import { type EventTime, fromMicroseconds } from '@activity-feed/contracts';
import { assertInFuture, timeInBody } from './future-time';

describe('a time in a body', () => {
  const schema = timeInBody('UNTIL_INVALID');

  it.each([
    ['2039-02-10T12:00:00Z', '2039-02-10T12:00:00.000000+00:00'],
    ['2019-02-10T13:00:00.1239+01:00', '2019-02-10T12:00:00.123000+00:00'],
  ])('%s is read as %s', (text, time) => {
    expect(schema.parse(text)).toBe(time);
  });

  it.each(['tomorrow', '', '2039-02-10', '1950-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00', 7, null])(
    'must not be %j',
    (text) => {
      expect(schema.safeParse(text).error?.issues[0]?.message).toBe('UNTIL_INVALID');
    },
  );
});

describe('a time that must be in the future', () => {
  const at = (milliseconds: number): EventTime => fromMicroseconds(BigInt(Date.now() + milliseconds) * 1_000n);

  it('may be later than now, or missing', () => {
    expect(() => assertInFuture(at(600_000), 'UNTIL_INVALID')).not.toThrow();
    expect(() => assertInFuture(null, 'UNTIL_INVALID')).not.toThrow();
  });

  it('must not be over', () => {
    expect(() => assertInFuture(at(-1), 'UNTIL_INVALID')).toThrow(expect.objectContaining({ code: 'UNTIL_INVALID' }));
  });
});
