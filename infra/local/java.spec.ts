import { javaMajor } from './java.ts';

describe('javaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16', 25],
    ['java version "1.8.0_392"', 8],
  ])('reads %s', (output, major) => {
    expect(javaMajor(output)).toBe(major);
  });

  it('returns undefined if the output has no version', () => {
    expect(javaMajor('command not found')).toBeUndefined();
  });
});
