import type { User, UserId } from '@activity-feed/contracts';
import { decideRemoval } from './remove-follower.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const nico: User = { id: 2 as UserId, name: 'nico' };

describe('the decision to remove a follower', () => {
  it('ends the follow in the follower’s stream, with the cause', () => {
    const event = {
      type: 'social-graph.user-unfollowed.v1',
      data: { actor: nico, target: ivan, cause: 'removed' },
    };
    expect(decideRemoval({ follows: true, isBlocked: false }, ivan, nico)).toEqual({ kind: 'accepted', event });
  });

  it('changes nothing if there is no follow, and finds nobody who blocks the actor', () => {
    expect(decideRemoval({ follows: false, isBlocked: false }, ivan, nico)).toEqual({ kind: 'unchanged' });
    expect(decideRemoval({ follows: false, isBlocked: true }, ivan, nico)).toEqual({
      kind: 'rejected',
      code: 'USER_NOT_FOUND',
    });
  });
});
