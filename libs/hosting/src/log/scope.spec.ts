import { currentScope, idsNow, type Scope, within } from './scope';

describe('the scope of a request', () => {
  const scope = (id: string): Scope => ({ ids: { request_id: id }, isOver: false });

  it('reaches what is called later, and no other request', async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const idsLater = async () => {
      await turn();
      return idsNow();
    };
    const [first, second] = [scope('1'), scope('2')];
    expect(await Promise.all([within(first, idsLater), within(second, idsLater), idsLater()])).toEqual([
      { request_id: '1' },
      { request_id: '2' },
      {},
    ]);
  });

  it('names nothing once the request has ended', () => {
    const ended = scope('1');
    within(ended, () => {
      ended.isOver = true;
      expect(idsNow()).toEqual({});
      expect(currentScope()).toBe(ended);
    });
  });
});
