import { NEW_USER_NAME } from '@activity-feed/contracts';
import { toUserName } from './user-name';

describe('the name of a user in a request', () => {
  it.each([
    ['eric', 'eric'],
    ['Eric', 'eric'],
    ['OLGA_1.X-Y', 'olga_1.x-y'],
    // May have been registered by an earlier version.
    ['..', '..'],
  ])('%j is %j', (text, name) => expect(toUserName(text)).toBe(name));

  it.each([
    ['the Kelvin sign', 'ni\u212ao'],
    ['a capital I with a dot', '\u0130van'],
    ['a long s', '\u017fam'],
    ['a fullwidth letter', '\uff25ric'],
    ['a space', 'eric '],
    ['no characters', ''],
    ['51 characters', 'A'.repeat(51)],
  ])('is unknown with %s', (_case, text) => {
    expect(() => toUserName(text)).toThrow(expect.objectContaining({ code: 'USER_NOT_FOUND' }));
  });
});

describe('the name of a new user', () => {
  it.each(['a', '..a', 'a.', '.-', '_', 'olga_1.x-y'])('can be %j', (name) => expect(name).toMatch(NEW_USER_NAME));
  it.each(['.', '..', '...', '.'.repeat(50), '', 'A', 'a\n', '..\n'])('cannot be %j', (name) => {
    expect(name).not.toMatch(NEW_USER_NAME);
  });
});
