import type { By, EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { DeletableObject, Deletion } from './deletable-object';
import { decideRestore } from './restore-object.decide';

const owner: User = { id: 1 as UserId, name: 'nico' };
const other: User = { id: 2 as UserId, name: 'ivan' };
const host: User = { id: 3 as UserId, name: 'olga' };
const object: ObjectRef = { type: 'photo', id: 21 };
const createdAt = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const restorableUntil = '2019-03-12T12:10:05.250000+00:00' as EventTime;
const mentions = [{ user: other, start: 5, end: 10 }];

const found = (deletion?: Partial<Deletion>): DeletableObject => ({
  owner,
  content: 'With @ivan',
  revision: 3,
  mentions,
  createdAt,
  deletion: deletion && { by: owner.id, restorableUntil, isFinal: false, ...deletion },
  rootDeleted: false,
});
/** The same as a comment on an object of `host`. */
const comment = (deletion?: Partial<Deletion>, rootDeleted = false): DeletableObject => ({
  ...found(deletion),
  root: { root: { type: 'post', id: 3 }, root_owner: host },
  rootDeleted,
});
const decide = (facts: DeletableObject | undefined, by: By) => decideRestore(facts, by, object);

describe('the decision to restore an object', () => {
  it('records it with the content, which consumers may have dropped', () => {
    expect(decide(found({}), owner)).toEqual({
      kind: 'accepted',
      event: {
        type: 'activity.object-restored.v1',
        data: {
          actor: owner,
          object: { ...object, content: 'With @ivan' },
          revision: 3,
          created_at: createdAt,
          mentions,
        },
      },
    });
  });

  it('records it for an administrator who deleted it, in the owner’s name', () => {
    expect(decide(found({ by: null }), 'admin')).toMatchObject({ event: { data: { actor: owner, by: 'admin' } } });
  });

  it('records it for the owner of what a comment hangs on, who deleted it', () => {
    const data = { actor: owner, root: { type: 'post', id: 3 }, root_owner: host, by: host };
    expect(decide(comment({ by: host.id }), host)).toMatchObject({ event: { data } });
  });

  it('changes nothing if it is not deleted', () => {
    for (const by of [owner, 'admin'] as const) expect(decide(found(), by)).toEqual({ kind: 'unchanged' });
    expect(decide(comment(), host)).toEqual({ kind: 'unchanged' });
  });

  it.each<[string, DeletableObject | undefined, By, string]>([
    ['the owner of what an administrator deleted', found({ by: null }), owner, 'NOT_DELETER'],
    ['an administrator of what its owner deleted', found({}), 'admin', 'NOT_DELETER'],
    ['the owner after the time to restore', found({ isFinal: true }), owner, 'OBJECT_GONE'],
    ['an administrator after the time to restore', found({ by: null, isFinal: true }), 'admin', 'OBJECT_GONE'],
    ['others', found(), other, 'NOT_OWNER'],
    ['others of a deleted object', found({}), other, 'OBJECT_NOT_FOUND'],
    ['others after the time to restore', found({ isFinal: true }), other, 'OBJECT_NOT_FOUND'],
    ['the writer of a comment that the owner of its root deleted', comment({ by: host.id }), owner, 'NOT_DELETER'],
    [
      'an administrator of a comment that the owner of its root deleted',
      comment({ by: host.id }),
      'admin',
      'NOT_DELETER',
    ],
    ['the owner of its root of a comment that its writer deleted', comment({}), host, 'OBJECT_NOT_FOUND'],
    ['the owner of its root after the time to restore', comment({ by: host.id, isFinal: true }), host, 'OBJECT_GONE'],
    ['the writer of a comment on a deleted object', comment({}, true), owner, 'OBJECT_NOT_FOUND'],
    ['the owner of a deleted object of a comment on it', comment({ by: host.id }, true), host, 'OBJECT_NOT_FOUND'],
    ['anybody of an unknown object', undefined, owner, 'OBJECT_NOT_FOUND'],
  ])('refuses %s', (_case, facts, by, code) => {
    expect(decide(facts, by)).toEqual({ kind: 'rejected', code });
  });
});
