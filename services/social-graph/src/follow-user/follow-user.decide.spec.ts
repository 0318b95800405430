import type { User, UserId } from '@activity-feed/contracts';
import { decideUnfollow } from '../unfollow-user/unfollow-user.decide';
import { decideFollow, type FollowFacts } from './follow-user.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const nico: User = { id: 2 as UserId, name: 'nico' };
const data = { actor: ivan, target: nico };
const facts: FollowFacts = {
  target: nico,
  follows: false,
  blocks: false,
  isBlocked: false,
  isPrivate: false,
  isSuspended: false,
  isRequested: false,
  isPublished: false,
  isFull: false,
};
const NOT_FOUND = { kind: 'rejected', code: 'USER_NOT_FOUND' };
const aboutRequest = { kind: 'unchanged', state: { request: true } };
const aboutFollow = { kind: 'unchanged', state: { request: false } };

describe('the decision to follow', () => {
  it('records the follow of a user who is not followed yet', () => {
    expect(decideFollow(facts, ivan)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-followed.v1', data },
    });
  });

  it('records a request if the account is private, once', () => {
    const event = { type: 'social-graph.follow-requested.v1', data };
    expect(decideFollow({ ...facts, isPrivate: true }, ivan)).toEqual({ kind: 'accepted', event });
    expect(decideFollow({ ...facts, isPrivate: true, isRequested: true }, ivan)).toEqual(aboutRequest);
  });

  it('changes nothing when the user is already followed, or will be because the account became public', () => {
    expect(decideFollow({ ...facts, follows: true, isPrivate: true, isFull: true }, ivan)).toEqual(aboutFollow);
    expect(decideFollow({ ...facts, isPublished: true }, ivan)).toEqual(aboutFollow);
  });

  it('refuses a follow or a request beyond the limit', () => {
    for (const isPrivate of [true, false]) {
      expect(decideFollow({ ...facts, isPrivate, isFull: true }, ivan)).toEqual({
        kind: 'rejected',
        code: 'FOLLOW_LIMIT_REACHED',
      });
    }
  });

  it('refuses a user across a block or who is suspended, as if there were none, whether followed or not', () => {
    for (const hidden of [{ blocks: true }, { isBlocked: true }, { isSuspended: true }]) {
      expect(decideFollow({ ...facts, ...hidden }, ivan)).toEqual(NOT_FOUND);
      expect(decideFollow({ ...facts, ...hidden, follows: true }, ivan)).toEqual(NOT_FOUND);
    }
  });

  it('refuses the actor and unknown users', () => {
    expect(decideFollow({ ...facts, target: ivan }, ivan)).toEqual({ kind: 'rejected', code: 'CANNOT_FOLLOW_SELF' });
    expect(decideFollow({ ...facts, target: undefined }, ivan)).toEqual(NOT_FOUND);
  });
});

describe('the decision to unfollow', () => {
  it('records the end of a follow, also across a block and of a suspended user', () => {
    expect(decideUnfollow({ ...facts, follows: true, isBlocked: true, isSuspended: true }, ivan)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-unfollowed.v1', data },
    });
  });

  it('withdraws a request, also one that is about to be accepted', () => {
    const event = { type: 'social-graph.follow-request-ended.v1', data: { ...data, cause: 'withdrawn' } };
    expect(decideUnfollow({ ...facts, isRequested: true }, ivan)).toEqual({ kind: 'accepted', event });
    expect(decideUnfollow({ ...facts, isPublished: true }, ivan)).toEqual({ kind: 'accepted', event });
  });

  it('finds nobody who blocks the actor or is suspended, and is not followed', () => {
    expect(decideUnfollow({ ...facts, isBlocked: true }, ivan)).toEqual(NOT_FOUND);
    expect(decideUnfollow({ ...facts, isSuspended: true }, ivan)).toEqual(NOT_FOUND);
  });

  it('changes nothing when the user is not followed', () => {
    expect(decideUnfollow(facts, ivan)).toEqual(aboutFollow);
  });

  it('refuses the actor and unknown users', () => {
    expect(decideUnfollow({ ...facts, target: ivan }, ivan)).toEqual({
      kind: 'rejected',
      code: 'CANNOT_UNFOLLOW_SELF',
    });
    expect(decideUnfollow({ ...facts, target: undefined }, ivan)).toEqual(NOT_FOUND);
  });
});
