import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideActOnObject } from './act-on-object.decide';

const actor: User = { id: 1 as UserId, name: 'ivan' };
const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };

describe('the decision to act on an object', () => {
  it('records the event of the verb, with the owner as target', () => {
    expect(decideActOnObject(owner, 'share', actor, object)).toEqual({
      kind: 'accepted',
      event: { type: 'activity.object-shared.v1', data: { actor, object, target: owner } },
    });
  });

  it('refuses an object that nobody has posted', () => {
    expect(decideActOnObject(undefined, 'share', actor, object)).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
