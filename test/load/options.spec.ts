import { loadOptions } from './options.ts';

describe('loadOptions', () => {
  it('has defaults for all options except the keys', () => {
    expect(loadOptions([])).toEqual({
      url: 'http://127.0.0.1:5000',
      rate: 200,
      duration: 30,
      reads: 90,
      users: 'zipf',
      count: 100,
      depth: 1,
      findMax: false,
      keysFile: undefined,
      adminKey: undefined,
    });
  });

  it('has a lower rate and short steps for a search', () => {
    expect(loadOptions(['--find-max'])).toMatchObject({ rate: 100, duration: 6, findMax: true });
  });

  it('reads all options', () => {
    const args = ['--rate=50', '--duration', '5', '--reads', '0', '--users', 'uniform', '--depth', '3', '--keys', 'k'];
    expect(loadOptions(args)).toMatchObject({
      rate: 50,
      duration: 5,
      reads: 0,
      users: 'uniform',
      depth: 3,
      keysFile: 'k',
    });
  });

  it.each([
    [['--rate', '0'], '--rate is "0"; it must be a whole number from 1 to 20000.'],
    [['--rate', '1.5'], '--rate is "1.5"; it must be a whole number from 1 to 20000.'],
    [['--rate', ''], '--rate is ""; it must be a whole number from 1 to 20000.'],
    [['--reads', '101'], '--reads is "101"; it must be a whole number from 0 to 100.'],
    [['--count', '1'], '--count is "1"; it must be a whole number from 2 to 5000.'],
    [['--find-max', '--duration', '4'], '--duration is "4"; it must be a whole number from 5 to 60.'],
    [['--users', 'both'], '--users is "both"; it must be zipf or uniform.'],
    [['--rate', '20000', '--duration', '200'], '--rate × --duration is 4000000 requests; it must be at most 2000000.'],
    [['--speed', '3'], "Unknown option '--speed'"],
    [['fast'], "Unexpected argument 'fast'"],
  ])('rejects %j', (args, message) => {
    expect(() => loadOptions(args)).toThrow(message);
  });
});
