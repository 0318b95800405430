import type { Consumer } from 'kafkajs';
import { GroupMembership } from './group-membership';

const SESSION = 6_000;
const JOIN = 10 * SESSION;

describe('the group membership of a consumer', () => {
  let listeners: Map<string, (event: object) => void>;
  let membership: GroupMembership;
  let joined: object[];
  let crashes: Error[];

  beforeEach(() => {
    jest.useFakeTimers();
    listeners = new Map();
    [joined, crashes] = [[], []];
    const names = ['REBALANCING', 'DISCONNECT', 'HEARTBEAT', 'GROUP_JOIN', 'CRASH', 'FETCH'];
    const events = Object.fromEntries(
      [...names, 'START_BATCH_PROCESS', 'END_BATCH_PROCESS'].map((name) => [name, name]),
    );
    const on = (name: string, listener: (event: object) => void) => listeners.set(name, listener);
    membership = new GroupMembership({ events, on } as unknown as Consumer, {
      sessionTimeout: SESSION,
      joinTimeout: JOIN,
      onJoin: (assignment) => joined.push(assignment),
      onCrash: (error) => crashes.push(error),
    });
  });
  afterEach(() => {
    membership.close();
    jest.useRealTimers();
  });

  const emit = (name: string, payload: object = { memberAssignment: {} }) => listeners.get(name)?.({ payload });

  it('ends one session timeout after the last heartbeat, even when the wall clock is changed', () => {
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

  it('stops receiving when fetches are unanswered for a while, and resumes when one is answered', () => {
    emit('GROUP_JOIN');
    emit('FETCH');
    jest.advanceTimersByTime(1_000);
    expect(membership.receiving).toBe(true);
    jest.advanceTimersByTime(1_000);
    expect(membership.receiving).toBe(false);
    emit('FETCH');
    expect(membership.receiving).toBe(true);
  });

  it('counts as receiving until the group is joined', () => {
    jest.advanceTimersByTime(5_000);
    expect(membership.receiving).toBe(true);
    membership.close();
    expect(membership.receiving).toBe(false);
  });

  it('begins when the group is joined, and passes on the assignment', () => {
    expect(membership.alive).toBe(false);
    emit('HEARTBEAT');
    expect(membership.alive).toBe(false);
    const memberAssignment = { topic: [0, 3] };
    emit('GROUP_JOIN', { memberAssignment });
    expect(membership.alive).toBe(true);
    expect(joined).toEqual([memberAssignment]);
  });

  it.each([
    ['a rebalance', 'REBALANCING', {}],
    ['a lost connection', 'DISCONNECT', {}],
    ['a crash after which the client restarts', 'CRASH', { restart: true, error: new Error('lost') }],
  ])('is interrupted by %s until the next join', (_, event, payload) => {
    emit('GROUP_JOIN');
    emit(event, payload);
    expect(membership.alive).toBe(false);
    emit('HEARTBEAT');
    expect(membership.alive).toBe(false);
    emit('GROUP_JOIN');
    expect(membership.alive).toBe(true);
    jest.advanceTimersByTime(2 * JOIN);
    expect(crashes).toEqual([]);
  });

  it('fails when the client crashes and does not restart', () => {
    emit('GROUP_JOIN');
    const error = new Error('not retriable');
    emit('CRASH', { restart: false, error });
    expect(crashes).toEqual([error]);
    expect(membership.alive).toBe(false);
  });

  it.each([
    ['at first', []],
    ['after a rebalance', ['GROUP_JOIN', 'REBALANCING']],
    ['after a lost connection', ['GROUP_JOIN', 'DISCONNECT']],
  ])('fails when the group is not joined in time, counted from the first attempt: %s', (_, events) => {
    for (const event of events) emit(event);
    jest.advanceTimersByTime(JOIN - 1);
    emit('REBALANCING');
    expect(crashes).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(crashes.map(({ message }) => message)).toEqual(['the consumer did not join its group in time']);
  });

  it('does not fail after it is closed', () => {
    membership.close();
    emit('DISCONNECT');
    jest.advanceTimersByTime(2 * JOIN);
    expect(crashes).toEqual([]);
    expect(membership.alive).toBe(false);
  });
});
