import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideLike } from './like-object.decide';

const actor: User = { id: 1 as UserId, name: 'ivan' };
const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };

describe('the decision to like', () => {
  it('records the first like, with the owner as target', () => {
    expect(decideLike({ owner, liked: false }, actor, object)).toEqual({
      kind: 'accepted',
      event: { type: 'activity.object-liked.v1', data: { actor, object, target: owner } },
    });
  });

  it('changes nothing when the object is already liked', () => {
    expect(decideLike({ owner, liked: true }, actor, object)).toEqual({ kind: 'unchanged' });
  });

  it('accepts a like of the actor’s own object', () => {
    expect(decideLike({ owner: actor, liked: false }, actor, object).kind).toBe('accepted');
  });

  it('refuses an object that nobody has posted', () => {
    expect(decideLike({ owner: undefined, liked: false }, actor, object)).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
