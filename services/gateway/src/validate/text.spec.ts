import { isStorable, lengthOf } from './text';

describe('text of a request', () => {
  it('counts code points', () => {
    expect(lengthOf('naïve 👍')).toBe(7);
  });

  it.each([
    ['text', 'naïve 👍', true],
    ['NUL', 'a\0b', false],
    ['half a surrogate pair', '\ud83d', false],
  ])('reports whether %s can be stored', (_case, text, storable) => {
    expect(isStorable(text)).toBe(storable);
  });
});
