import { ClosedAccounts, PRIVATE, SUSPENDED } from './closed-accounts';

describe('closed accounts', () => {
  it('are open, private, suspended or both', () => {
    const accounts = new ClosedAccounts();
    expect([accounts.hasAny, accounts.bitsOf(70_000)]).toEqual([false, 0]);
    accounts.load(70_000, 1, PRIVATE, true);
    accounts.load(70_000, 1, SUSPENDED, true);
    expect([accounts.hasAny, accounts.bitsOf(70_000), accounts.bitsOf(69_999)]).toEqual([true, PRIVATE | SUSPENDED, 0]);
    accounts.load(70_000, 1, PRIVATE, false);
    expect([accounts.hasAny, accounts.bitsOf(70_000)]).toEqual([true, SUSPENDED]);
    accounts.load(70_000, 1, SUSPENDED, false);
    expect([accounts.hasAny, accounts.bitsOf(70_000)]).toEqual([false, 0]);
  });

  it('have a digest that depends on the state alone, not on numbers or the order of changes', () => {
    const [one, other] = [new ClosedAccounts(), new ClosedAccounts()];
    const empty = one.digest;
    one.load(0, 501, PRIVATE, true);
    one.load(1, 502, SUSPENDED, true);
    other.load(7, 502, PRIVATE, true);
    other.load(7, 502, SUSPENDED, true);
    other.load(3, 501, PRIVATE, true);
    expect(one.digest).not.toBe(other.digest);
    other.load(7, 502, PRIVATE, false);
    expect(one.digest).toBe(other.digest);
    one.load(0, 501, PRIVATE, false);
    one.load(1, 502, SUSPENDED, false);
    expect(one.digest).toBe(empty);
  });

  it('list the changes that the database may lack', () => {
    const accounts = new ClosedAccounts();
    accounts.load(5, 505, PRIVATE, true);
    expect(accounts.hasRecent).toBe(false);
    accounts.change(6, 506, PRIVATE, true);
    accounts.change(7, 507, PRIVATE, true);
    const second = accounts.lastChange;
    accounts.change(6, 506, PRIVATE, false);
    expect(accounts.recent()).toEqual([6, 7]);
    accounts.written(second);
    expect(accounts.recent()).toEqual([6]);
    accounts.written(accounts.lastChange);
    expect(accounts.hasRecent).toBe(false);
  });
});
