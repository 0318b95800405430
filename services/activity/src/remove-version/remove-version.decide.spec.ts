import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideRemoval } from './remove-version.decide';

const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };
const current = { ownerId: owner.id, content: 'Sunrise', revision: 3, mentions: null, editedAt: null };

describe('the decision to remove a version', () => {
  it('records which version is removed, together with the current version', () => {
    expect(decideRemoval({ current, kept: true }, owner, object, 2)).toEqual({
      kind: 'accepted',
      event: {
        type: 'activity.object-edited.v1',
        data: { actor: owner, object: { ...object, content: 'Sunrise' }, revision: 3, removed: [2] },
      },
    });
  });

  it('repeats the mentions of the current version, and notifies nobody', () => {
    const mentions = [{ user: { id: 1 as UserId, name: 'ivan' }, start: 0, end: 5 }];
    const decision = decideRemoval({ current: { ...current, mentions }, kept: true }, owner, object, 2);
    expect(decision).toMatchObject({ event: { data: { mentions, removed: [2] } } });
    expect(decision).not.toHaveProperty('event.data.notify');
  });

  it('changes nothing if the version is already removed', () => {
    expect(decideRemoval({ current, kept: false }, owner, object, 1)).toEqual({ kind: 'unchanged' });
  });

  it('refuses the current version, even if it is the only one', () => {
    const refused = { kind: 'rejected', code: 'VERSION_CURRENT' };
    expect(decideRemoval({ current, kept: false }, owner, object, 3)).toEqual(refused);
    const only = { ...current, revision: 1 };
    expect(decideRemoval({ current: only, kept: false }, owner, object, 1)).toEqual(refused);
  });

  it.each([0, 4, Number.MAX_SAFE_INTEGER])('refuses version %d, which never existed', (version) => {
    expect(decideRemoval({ current, kept: false }, owner, object, version)).toEqual({
      kind: 'rejected',
      code: 'VERSION_NOT_FOUND',
    });
  });

  it.each([1, 3, 4])('refuses anybody but the owner, whatever the version: %d', (version) => {
    const other: User = { id: 1 as UserId, name: 'ivan' };
    expect(decideRemoval({ current, kept: true }, other, object, version)).toEqual({
      kind: 'rejected',
      code: 'NOT_OWNER',
    });
  });

  it('refuses an object that nobody has posted', () => {
    expect(decideRemoval({ current: undefined, kept: false }, owner, object, 1)).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
