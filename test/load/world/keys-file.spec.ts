import { usersOfFile, usersOfLines } from './keys-file.ts';

describe('usersOfLines', () => {
  it('returns names and keys in the order of the lines', () => {
    expect(usersOfLines('ivan abc123\n\n nico\tabc124 \n', 'keys')).toEqual([
      { name: 'ivan', key: 'abc123' },
      { name: 'nico', key: 'abc124' },
    ]);
  });

  it.each([
    ['ivan abc123\nnico', 'Line 2 of keys is "nico"; it must be a user\'s name and key.'],
    ['ivan abc123 x\nnico abc124', 'Line 1 of keys is "ivan abc123 x"'],
    ['ivan abc123', 'keys has 1 users; at least 2 are needed.'],
  ])('rejects %j', (text, message) => {
    expect(() => usersOfLines(text, 'keys')).toThrow(message);
  });

  it('throws if the file does not exist', () => {
    expect(() => usersOfFile('/nowhere/keys')).toThrow(
      "--keys: ENOENT: no such file or directory, open '/nowhere/keys'",
    );
  });
});
