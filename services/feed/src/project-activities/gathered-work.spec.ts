import { GatheredWork } from './gathered-work';

describe('gathered work', () => {
  let groups: { items: readonly number[]; end: (error?: Error) => void }[];
  let work: GatheredWork<number, string>;

  beforeEach(() => {
    groups = [];
    work = new GatheredWork({
      ...{ lanes: 2, limit: 10, sizeOf: (item) => item },
      work: (items) => {
        const { promise, resolve, reject } = Promise.withResolvers<string[]>();
        groups.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => `done ${item}`))) });
        return promise;
      },
    });
  });

  const begun = () => groups.map(({ items }) => items);
  const nextTurn = () => new Promise(setImmediate);

  it('takes what comes in one turn together, and each item gets its own result', async () => {
    const results = [1, 2, 3].map((item) => work.add(item));
    await nextTurn();
    expect(begun()).toEqual([[1, 2, 3]]);
    groups[0]?.end();
    expect(await Promise.all(results)).toEqual(['done 1', 'done 2', 'done 3']);
  });

  it('fills groups up to the limit, and never takes less than an item', async () => {
    for (const item of [4, 6, 1, 50]) void work.add(item);
    await nextTurn();
    expect(begun()).toEqual([[4, 6], [1]]);
  });

  it('gathers while all lanes are busy', async () => {
    const results = [5, 6, 7].map((item) => work.add(item));
    await nextTurn();
    results.push(work.add(1));
    await nextTurn();
    expect(begun()).toEqual([[5], [6]]);
    groups[1]?.end();
    expect(await results[1]).toBe('done 6');
    expect(begun()).toEqual([[5], [6], [7, 1]]);
  });

  it('reports a failure to the whole group, and continues', async () => {
    const results = [1, 2].map((item) => work.add(item));
    await nextTurn();
    groups[0]?.end(new Error('no'));
    for (const result of results) await expect(result).rejects.toThrow('no');
    const next = work.add(3);
    await nextTurn();
    groups[1]?.end();
    expect(await next).toBe('done 3');
  });
});
