import type { User, UserId } from '@activity-feed/contracts';
import { type BlockFacts, decideBlock, decideUnblock } from './block-user.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const nico: User = { id: 2 as UserId, name: 'nico' };
const facts: BlockFacts = {
  isBlocked: false,
  blocksActor: false,
  follows: false,
  isFollowed: false,
  requests: false,
  isRequested: false,
  isFull: false,
};
const ended = (actor: User, target: User) => ({
  stream: actor.id,
  event: { type: 'social-graph.user-unfollowed.v1', data: { actor, target, cause: 'ended' } },
});

const requestEnded = (actor: User, target: User) => ({
  stream: actor.id,
  event: { type: 'social-graph.follow-request-ended.v1', data: { actor, target, cause: 'ended' } },
});

describe('the decision to block', () => {
  const event = { type: 'social-graph.user-blocked.v1', data: { actor: ivan, target: nico } };

  it('records the block, and the end of each follow between the two in the stream of the follower', () => {
    expect(decideBlock(facts, ivan, nico)).toEqual({ kind: 'accepted', event });
    expect(decideBlock({ ...facts, follows: true }, ivan, nico)).toEqual({
      kind: 'accepted',
      event,
      also: [ended(ivan, nico)],
    });
    expect(decideBlock({ ...facts, follows: true, isFollowed: true }, ivan, nico)).toEqual({
      kind: 'accepted',
      event,
      also: [ended(ivan, nico), ended(nico, ivan)],
    });
  });

  it('ends requests to follow too', () => {
    expect(decideBlock({ ...facts, requests: true, isFollowed: true }, ivan, nico)).toMatchObject({
      also: [ended(nico, ivan), requestEnded(ivan, nico)],
    });
    expect(decideBlock({ ...facts, isRequested: true }, ivan, nico)).toMatchObject({
      also: [requestEnded(nico, ivan)],
    });
  });

  it('changes nothing if the user is blocked, also at the limit', () => {
    expect(decideBlock({ ...facts, isBlocked: true, isFull: true }, ivan, nico)).toEqual({ kind: 'unchanged' });
  });

  it('refuses the actor, and a block beyond the limit', () => {
    expect(decideBlock(facts, ivan, ivan)).toEqual({ kind: 'rejected', code: 'CANNOT_BLOCK_SELF' });
    expect(decideBlock({ ...facts, isFull: true }, ivan, nico)).toEqual({
      kind: 'rejected',
      code: 'BLOCK_LIMIT_REACHED',
    });
  });
});

describe('the decision to unblock', () => {
  it('records that the block ends, and nothing else', () => {
    expect(decideUnblock({ isBlocked: true, blocksActor: true }, ivan, nico)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-unblocked.v1', data: { actor: ivan, target: nico } },
    });
  });

  it('changes nothing if the user is not blocked', () => {
    expect(decideUnblock({ isBlocked: false, blocksActor: false }, ivan, nico)).toEqual({ kind: 'unchanged' });
    expect(decideUnblock({ isBlocked: false, blocksActor: true }, ivan, nico)).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
  });

  it('refuses the actor', () => {
    expect(decideUnblock({ isBlocked: false, blocksActor: false }, ivan, ivan)).toEqual({
      kind: 'rejected',
      code: 'CANNOT_BLOCK_SELF',
    });
  });
});
