import type { EventTime, User, UserId } from '@activity-feed/contracts';
import { decideMute, decideUnmute } from './mute-user.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const nico: User = { id: 2 as UserId, name: 'nico' };
const until = '2019-02-18T08:10:00.000000+00:00' as EventTime;
const none = { mute: undefined, isBlocked: false, isFull: false };

describe('the decision to mute', () => {
  it('records the mute with what it is about and when it ends', () => {
    for (const only of ['shares', null] as const) {
      expect(decideMute(none, { actor: ivan, only, until }, nico)).toEqual({
        kind: 'accepted',
        event: { type: 'social-graph.user-muted.v1', data: { actor: ivan, target: nico, only, until } },
      });
    }
  });

  it('changes nothing if the user is muted until the same time', () => {
    for (const end of [until, null]) {
      const facts = { ...none, mute: { until: end }, isFull: true };
      expect(decideMute(facts, { actor: ivan, only: null, until: end }, nico)).toEqual({ kind: 'unchanged' });
    }
  });

  it('replaces a mute until another time, also at the limit', () => {
    const facts = { ...none, mute: { until }, isFull: true };
    expect(decideMute(facts, { actor: ivan, only: null, until: null }, nico)).toMatchObject({ kind: 'accepted' });
  });

  it('finds nobody who blocks the actor, unless there is a mute to end', () => {
    const facts = { ...none, isBlocked: true };
    const refused = { kind: 'rejected', code: 'USER_NOT_FOUND' };
    expect(decideMute({ ...facts, mute: { until } }, { actor: ivan, only: null, until }, nico)).toEqual(refused);
    expect(decideUnmute(facts, { actor: ivan, only: null }, nico)).toEqual(refused);
  });

  it('refuses the actor, and a mute beyond the limit', () => {
    const command = { actor: ivan, only: null, until: null };
    expect(decideMute(none, command, ivan)).toEqual({ kind: 'rejected', code: 'CANNOT_MUTE_SELF' });
    expect(decideMute({ ...none, isFull: true }, command, nico)).toEqual({
      kind: 'rejected',
      code: 'BLOCK_LIMIT_REACHED',
    });
  });
});

describe('the decision to unmute', () => {
  it('records that the mute ends', () => {
    expect(decideUnmute({ mute: { until: null }, isBlocked: true }, { actor: ivan, only: 'shares' }, nico)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-unmuted.v1', data: { actor: ivan, target: nico, only: 'shares' } },
    });
  });

  it('changes nothing if the user is not muted', () => {
    expect(decideUnmute(none, { actor: ivan, only: null }, nico)).toEqual({ kind: 'unchanged' });
  });

  it('refuses the actor', () => {
    expect(decideUnmute(none, { actor: ivan, only: null }, ivan)).toEqual({
      kind: 'rejected',
      code: 'CANNOT_MUTE_SELF',
    });
  });
});
