import type { Consumer } from 'kafkajs';
import { GroupMembership } from './group-membership';

const SESSION = 6_000;

describe('the membership of a consumer in its group', () => {
  let listeners: Map<string, (event: object) => void>;
  let membership: GroupMembership;

  beforeEach(() => {
    jest.useFakeTimers();
    listeners = new Map();
    const names = ['REBALANCING', 'DISCONNECT', 'HEARTBEAT', 'GROUP_JOIN', 'CRASH', 'FETCH'];
    const events = Object.fromEntries(
      [...names, 'START_BATCH_PROCESS', 'END_BATCH_PROCESS'].map((name) => [name, name]),
    );
    const on = (name: string, listener: (event: object) => void) => listeners.set(name, listener);
    membership = new GroupMembership({ events, on } as unknown as Consumer, {
      sessionTimeout: SESSION,
      joinTimeout: 10 * SESSION,
      onJoin: () => undefined,
      onCrash: () => undefined,
    });
  });
  afterEach(() => {
    membership.close();
    jest.useRealTimers();
  });

  const emit = (name: string) => listeners.get(name)?.({ payload: { memberAssignment: {} } });

  it('ends a session after the last heartbeat, whatever is done to the clock', () => {
    emit('GROUP_JOIN');
    expect(membership.alive).toBe(true);
    const now = Date.now();
    jest.advanceTimersByTime(SESSION + 1);
    jest.setSystemTime(now - 3_600_000);
    expect(membership.alive).toBe(false);
    emit('HEARTBEAT');
    jest.setSystemTime(now + 3_600_000);
    expect(membership.alive).toBe(true);
  });

  it('receives until the broker has answered no fetch for a while, and again when it does', () => {
    emit('GROUP_JOIN');
    emit('FETCH');
    jest.advanceTimersByTime(1_000);
    expect(membership.receiving).toBe(true);
    jest.advanceTimersByTime(1_000);
    expect(membership.receiving).toBe(false);
    emit('FETCH');
    expect(membership.receiving).toBe(true);
  });

  it('is not taken for silent while the group is still being joined', () => {
    jest.advanceTimersByTime(5_000);
    expect(membership.receiving).toBe(true);
    membership.close();
    expect(membership.receiving).toBe(false);
  });
});
