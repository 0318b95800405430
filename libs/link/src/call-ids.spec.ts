import { CallIds, LAST_ID } from './call-ids';

describe('CallIds', () => {
  it('starts at 1', () => {
    const ids = new CallIds(() => false);
    expect([ids.next(), ids.next()]).toEqual([1, 2]);
  });

  it('skips ids in use when it begins again after the last', () => {
    const inUse = new Set([LAST_ID, 1, 2, 4]);
    const ids = new CallIds((id) => inUse.has(id), LAST_ID - 2);
    expect([ids.next(), ids.next(), ids.next()]).toEqual([LAST_ID - 1, 3, 5]);
  });
});
