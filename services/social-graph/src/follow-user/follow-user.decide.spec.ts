import type { User, UserId } from '@activity-feed/contracts';
import { decideUnfollow } from '../unfollow-user/unfollow-user.decide';
import { decideFollow } from './follow-user.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const nico: User = { id: 2 as UserId, name: 'nico' };

describe('the decision to follow', () => {
  it('records the follow of a user who is not followed yet', () => {
    expect(
      decideFollow({ target: nico, follows: false, blocks: false, isBlocked: false, isFull: false }, ivan),
    ).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-followed.v1', data: { actor: ivan, target: nico } },
    });
  });

  it('changes nothing when the user is already followed', () => {
    expect(decideFollow({ target: nico, follows: true, blocks: false, isBlocked: false, isFull: true }, ivan)).toEqual({
      kind: 'unchanged',
    });
  });

  it('refuses a follow beyond the limit', () => {
    expect(decideFollow({ target: nico, follows: false, blocks: false, isBlocked: false, isFull: true }, ivan)).toEqual(
      {
        kind: 'rejected',
        code: 'FOLLOW_LIMIT_REACHED',
      },
    );
  });

  it('refuses a user across a block, as if there were none, whether followed or not', () => {
    for (const follows of [true, false]) {
      for (const blocks of [true, false]) {
        const facts = { target: nico, follows, blocks, isBlocked: !blocks, isFull: false };
        expect(decideFollow(facts, ivan)).toEqual({ kind: 'rejected', code: 'USER_NOT_FOUND' });
      }
    }
  });

  it('refuses the actor and unknown users', () => {
    expect(
      decideFollow({ target: ivan, follows: false, blocks: false, isBlocked: false, isFull: false }, ivan),
    ).toEqual({
      kind: 'rejected',
      code: 'CANNOT_FOLLOW_SELF',
    });
    expect(
      decideFollow({ target: undefined, follows: false, blocks: false, isBlocked: false, isFull: false }, ivan),
    ).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
  });
});

describe('the decision to unfollow', () => {
  it('records the end of a follow', () => {
    expect(decideUnfollow({ target: nico, follows: true, isBlocked: true }, ivan)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-unfollowed.v1', data: { actor: ivan, target: nico } },
    });
  });

  it('finds nobody who blocks the actor and is not followed', () => {
    expect(decideUnfollow({ target: nico, follows: false, isBlocked: true }, ivan)).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
  });

  it('changes nothing when the user is not followed', () => {
    expect(decideUnfollow({ target: nico, follows: false, isBlocked: false }, ivan)).toEqual({ kind: 'unchanged' });
  });

  it('refuses the actor and unknown users', () => {
    expect(decideUnfollow({ target: ivan, follows: false, isBlocked: false }, ivan)).toEqual({
      kind: 'rejected',
      code: 'CANNOT_UNFOLLOW_SELF',
    });
    expect(decideUnfollow({ target: undefined, follows: false, isBlocked: false }, ivan)).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
  });
});
