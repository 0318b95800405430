import type { EventId, EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideUndo } from './undo-activity.decide';

const actor: User = { id: 1 as UserId, name: 'ivan' };
const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };
const time = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const like = { id: '019ac000-0000-7000-8000-000000000001' as EventId, version: 3, time };
const shares = { count: 2, first_time: time, last_time: '2019-02-10T12:07:45.031500+00:00' as EventTime };

describe('the decision to take an activity back', () => {
  it('records an unlike with the like’s id, version and time, and the owner as target', () => {
    expect(decideUndo({ owner, undone: like }, 'unlike', actor, object)).toEqual({
      kind: 'accepted',
      event: { type: 'activity.object-unliked.v1', data: { actor, object, target: owner, undone: like } },
    });
  });

  it('records one unshare for all shares', () => {
    expect(decideUndo({ owner, undone: shares }, 'unshare', actor, object)).toEqual({
      kind: 'accepted',
      event: { type: 'activity.object-unshared.v1', data: { actor, object, target: owner, undone: shares } },
    });
  });

  it('changes nothing if there is nothing to take back', () => {
    const facts = { owner, undone: undefined };
    expect(decideUndo(facts, 'unlike', actor, object)).toEqual({ kind: 'unchanged' });
  });

  it('removes a like of a deleted object, but answers those who have not liked it as if it did not exist', () => {
    expect(decideUndo({ owner, deleted: true, undone: like }, 'unlike', actor, object).kind).toBe('accepted');
    expect(decideUndo({ owner, deleted: true, undone: undefined }, 'unlike', actor, object)).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });

  it('refuses an object that nobody has posted', () => {
    const facts = { owner: undefined, undone: undefined };
    expect(decideUndo(facts, 'unshare', actor, object)).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
