import { APPEARANCE, type UserId } from '@activity-feed/contracts';
import { TimelineIndex } from './timeline-index';

const [VIEWER, FRIEND, STRANGER, GONE] = [1, 2, 3, 4] as [UserId, UserId, UserId, UserId];
const EVERYBODY = [VIEWER, FRIEND, STRANGER, GONE];

describe('what viewers may see of accounts', () => {
  let index: TimelineIndex;
  beforeEach(() => {
    index = new TimelineIndex({ budget: 100, followeeBudget: 100, now: () => 1_000 });
    for (const user of EVERYBODY) index.users.number(user);
  });

  let version = 0;
  const turn = (userId: UserId, change: { private?: boolean; suspended?: boolean }) => {
    const effects = { source: 'social-graph' as const, stream: userId, users: [] };
    const next = index.versionOf('social-graph', userId) + 1;
    version = next;
    expect(index.apply({ ...effects, version: next, account: { userId, ...change } })).toBe('applied');
  };
  const numbers = (...users: UserId[]) => Uint32Array.from(users, (user) => index.users.number(user)).sort();

  it('is everything while all accounts are open, without a look-up of followees', () => {
    expect(index.viewers.needFollowees(VIEWER)).toBe(false);
    expect(index.viewers.viewOf(VIEWER, 'asked')).toBeUndefined();
    expect(index.viewers.appearances(VIEWER, EVERYBODY)).toEqual([0, 0, 0, 0]);
  });

  it('is without suspended users, and private accounts that they do not follow', () => {
    for (const user of [VIEWER, FRIEND, STRANGER]) turn(user, { private: true });
    turn(GONE, { suspended: true });
    expect(index.viewers.needFollowees(VIEWER)).toBe(true);
    expect(index.viewers.appearances(VIEWER, [FRIEND])).toEqual([APPEARANCE.hidden | APPEARANCE.private]);
    const followees = numbers(FRIEND, GONE);
    const hidden = APPEARANCE.hidden;
    expect(index.viewers.appearances(VIEWER, EVERYBODY, followees)).toEqual([
      0,
      0,
      hidden | APPEARANCE.private,
      hidden,
    ]);
    const view = index.viewers.viewOf(VIEWER, 'unasked', followees);
    expect(view?.ids).toEqual({ users: [STRANGER, GONE], sharers: [], known: [FRIEND, GONE, VIEWER, VIEWER, FRIEND] });
    expect(version).toBe(1);
  });

  it('need no look-up while memory has the followees', () => {
    turn(STRANGER, { private: true });
    index.follows.set(index.users.number(VIEWER), numbers(STRANGER), 1);
    expect(index.viewers.needFollowees(VIEWER)).toBe(false);
    expect(index.viewers.appearances(VIEWER, [STRANGER])).toEqual([0]);
    expect(index.viewers.appearances(99 as UserId, [STRANGER])).toEqual([APPEARANCE.hidden | APPEARANCE.private]);
  });

  it('has a digest that depends on the accounts and on the version of the viewer, once the database has the changes', () => {
    const digest = () => index.viewers.fixedViewOf(VIEWER, 'asked', numbers(FRIEND))?.digest;
    const write = () => index.viewers.accounts.written(index.viewers.accounts.lastChange);
    turn(STRANGER, { private: true });
    expect(digest()).toBeUndefined();
    write();
    const first = digest();
    expect([typeof first, digest()]).toEqual(['string', first]);
    turn(GONE, { private: true });
    write();
    const second = digest();
    expect(second).not.toBe(first);
    index.setVersion('social-graph', VIEWER, 7);
    expect([first, second]).not.toContain(digest());
  });

  it('needs no look-up of followees for users whose accounts are not private, or for oneself', () => {
    turn(STRANGER, { private: true });
    turn(GONE, { suspended: true });
    expect(index.viewers.needFollowees(VIEWER, [VIEWER, FRIEND, GONE])).toBe(false);
    expect(index.viewers.needFollowees(STRANGER, [STRANGER])).toBe(false);
    expect(index.viewers.needFollowees(VIEWER, [FRIEND, STRANGER])).toBe(true);
  });
});
