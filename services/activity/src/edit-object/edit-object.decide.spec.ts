import type { EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideEdit } from './edit-object.decide';

const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };
const editedAt = '2019-02-10T12:07:45.031500+00:00' as EventTime;
const current = { ownerId: owner.id, content: 'Sunrise', revision: 3, editedAt };

describe('the decision to edit an object', () => {
  it('records the new content with the next revision', () => {
    expect(decideEdit(current, owner, object, 'Sunset')).toEqual({
      kind: 'accepted',
      event: {
        type: 'activity.object-edited.v1',
        data: { actor: owner, object: { ...object, content: 'Sunset' }, revision: 4 },
      },
    });
  });

  it('changes nothing if the content is the same, and returns the time of the last edit', () => {
    expect(decideEdit(current, owner, object, 'Sunrise')).toEqual({ kind: 'unchanged', state: editedAt });
    expect(decideEdit({ ...current, editedAt: null }, owner, object, 'Sunrise')).toEqual({
      kind: 'unchanged',
      state: null,
    });
  });

  it.each(['sunrise', 'Sunrise ', 'Sunrise\u0301'])('takes %j for a change', (content) => {
    expect(decideEdit(current, owner, object, content).kind).toBe('accepted');
  });

  it.each(['Sunset', 'Sunrise'])('refuses anybody but the owner, whatever the content', (content) => {
    const other: User = { id: 1 as UserId, name: 'ivan' };
    expect(decideEdit(current, other, object, content)).toEqual({ kind: 'rejected', code: 'NOT_OWNER' });
  });

  it('refuses an object that nobody has posted', () => {
    expect(decideEdit(undefined, owner, object, 'Sunset')).toEqual({ kind: 'rejected', code: 'OBJECT_NOT_FOUND' });
  });
});
