import { atScrape } from './at-scrape';

describe('what a scrape reads', () => {
  it('is read once for several metrics, and again at the next scrape', async () => {
    let reads = 0;
    const read = atScrape(async () => ++reads);
    expect(await Promise.all([read(), read()])).toEqual([1, 1]);
    expect(await read()).toBe(2);
  });

  it('is missing if it cannot be read, or not in time', async () => {
    expect(await atScrape(() => Promise.reject(new Error('down')))()).toBeUndefined();
    let reads = 0;
    const hanging = () => {
      reads++;
      return new Promise<never>(() => undefined);
    };
    const read = atScrape(hanging, 1);
    expect([await read(), await read()]).toEqual([undefined, undefined]);
    expect(reads).toBe(1);
  });
});
