import { benchOptions } from './options.ts';

const known = ['relay', 'start'];

describe('the options of npm run bench', () => {
  it('run all benchmarks unless some are named', () => {
    expect(benchOptions([], known)).toEqual({
      names: known,
      rounds: undefined,
      smoke: false,
      profile: undefined,
      json: undefined,
    });
    expect(benchOptions(['start', '--rounds', '5'], known)).toMatchObject({ names: ['start'], rounds: 5 });
    expect(benchOptions(['--without', 'start'], known)).toMatchObject({ names: ['relay'] });
  });

  it.each([
    [['rely'], 'There is no benchmark "rely". Choose from relay, start.'],
    [['--without', 'rely'], 'There is no benchmark "rely". Choose from relay, start.'],
    [['--rounds', '0'], '--rounds is "0"; it must be a whole number from 1 to 99.'],
    [['--fast'], 'Usage: npm run bench'],
  ])('reject %j', (args, message) => {
    expect(() => benchOptions(args, known)).toThrow(message);
  });
});
