import type { By, EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { DeletableObject, Deletion } from './deletable-object';
import { decideDelete } from './delete-object.decide';

const owner: User = { id: 1 as UserId, name: 'nico' };
const other: User = { id: 2 as UserId, name: 'ivan' };
const host: User = { id: 3 as UserId, name: 'olga' };
const object: ObjectRef = { type: 'photo', id: 21 };
const until = '2019-03-12T12:10:05.250000+00:00' as EventTime;
const createdAt = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const earlier = '2019-03-01T12:00:00.000000+00:00' as EventTime;

const found = (deletion?: Partial<Deletion>): DeletableObject => ({
  owner,
  content: 'Sunrise',
  revision: 1,
  mentions: null,
  createdAt,
  deletion: deletion && { by: owner.id, restorableUntil: earlier, isFinal: false, ...deletion },
  rootDeleted: false,
});
/** The same as a comment on an object of `host`. */
const comment = (deletion?: Partial<Deletion>, rootDeleted = false): DeletableObject => ({
  ...found(deletion),
  root: { root: { type: 'post', id: 3 }, root_owner: host },
  rootDeleted,
});
const decide = (facts: DeletableObject | undefined, by: By) => decideDelete(facts, by, object, until);

describe('the decision to delete an object', () => {
  it('records it for the owner', () => {
    expect(decide(found(), owner)).toEqual({
      kind: 'accepted',
      event: {
        type: 'activity.object-deleted.v1',
        data: { actor: owner, object, target: owner, restorable_until: until, created_at: createdAt },
      },
    });
  });

  it('records it for an administrator, in the owner’s name', () => {
    expect(decide(found(), 'admin')).toMatchObject({ event: { data: { actor: owner, target: owner, by: 'admin' } } });
  });

  it('records it for the owner of what a comment hangs on, in the name of its writer', () => {
    const data = { actor: owner, target: owner, root: { type: 'post', id: 3 }, root_owner: host };
    expect(decide(comment(), host)).toMatchObject({ event: { data: { ...data, by: host } } });
    expect(decide(comment(), owner)).not.toHaveProperty('event.data.by');
    expect(decide(comment({ by: host.id }), 'admin')).toMatchObject({ event: { data: { ...data, by: 'admin' } } });
  });

  it('changes nothing if it is deleted already, and returns the same time', () => {
    const unchanged = { kind: 'unchanged', state: earlier };
    expect(decide(found({}), owner)).toEqual(unchanged);
    expect(decide(found({ by: null }), owner)).toEqual(unchanged);
    expect(decide(found({ by: null }), 'admin')).toEqual(unchanged);
    expect(decide(comment({ by: host.id }), host)).toEqual(unchanged);
    expect(decide(comment({ by: host.id }), owner)).toEqual(unchanged);
  });

  it('records an administrator’s deletion after the owner’s, so that the owner cannot restore it', () => {
    expect(decide(found({}), 'admin')).toMatchObject({ event: { data: { restorable_until: until, by: 'admin' } } });
  });

  it.each<[string, DeletableObject | undefined, By, string]>([
    ['others', found(), other, 'NOT_OWNER'],
    ['others of a deleted object', found({}), other, 'OBJECT_NOT_FOUND'],
    ['others of a comment', comment(), other, 'NOT_OWNER'],
    ['the owner of its root of a comment that its writer deleted', comment({}), host, 'OBJECT_NOT_FOUND'],
    [
      'the owner of its root of a comment that an administrator deleted',
      comment({ by: null }),
      host,
      'OBJECT_NOT_FOUND',
    ],
    ['the writer of a comment on a deleted object', comment(undefined, true), owner, 'OBJECT_NOT_FOUND'],
    ['the owner of a deleted object of a comment on it', comment(undefined, true), host, 'OBJECT_NOT_FOUND'],
    ['anybody of an unknown object', undefined, owner, 'OBJECT_NOT_FOUND'],
    ['an administrator of an unknown object', undefined, 'admin', 'OBJECT_NOT_FOUND'],
    ['the owner when it can no longer be restored', found({ isFinal: true }), owner, 'OBJECT_NOT_FOUND'],
    ['an administrator when it can no longer be restored', found({ isFinal: true }), 'admin', 'OBJECT_NOT_FOUND'],
  ])('refuses %s', (_case, facts, by, code) => {
    expect(decide(facts, by)).toEqual({ kind: 'rejected', code });
  });
});
