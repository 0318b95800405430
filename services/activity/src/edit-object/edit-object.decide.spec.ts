import type { EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { decideEdit } from './edit-object.decide';

const user = (id: number, name: string): User => ({ id: id as UserId, name });
const mention = (of: User, start: number) => ({ user: of, start, end: start + 1 + of.name.length });

const owner: User = { id: 2 as UserId, name: 'nico' };
const object: ObjectRef = { type: 'photo', id: 21 };
const editedAt = '2019-02-10T12:07:45.031500+00:00' as EventTime;
const current = { ownerId: owner.id, content: 'Sunrise', revision: 3, mentions: null, editedAt };
const facts = { current, mentionedBefore: new Set<UserId>() };

describe('the decision to edit an object', () => {
  it('records the new content with the next revision', () => {
    expect(decideEdit(facts, owner, object, 'Sunset')).toEqual({
      kind: 'accepted',
      event: {
        type: 'activity.object-edited.v1',
        data: { actor: owner, object: { ...object, content: 'Sunset' }, revision: 4 },
      },
    });
  });

  it('changes nothing if the content is the same, and returns the time of the last edit', () => {
    expect(decideEdit(facts, owner, object, 'Sunrise')).toEqual({ kind: 'unchanged', state: editedAt });
    expect(decideEdit({ ...facts, current: { ...current, editedAt: null } }, owner, object, 'Sunrise')).toEqual({
      kind: 'unchanged',
      state: null,
    });
  });

  it('records the mentions, and notifies each user whom no earlier version mentioned once', () => {
    const [ivan, eric] = [user(1, 'ivan'), user(3, 'eric')];
    const mentions = [mention(ivan, 0), mention(eric, 6), mention(owner, 12), mention(eric, 18)];
    const noted = { current, mentionedBefore: new Set([ivan.id]) };
    expect(decideEdit(noted, owner, object, '@ivan @eric @nico @eric', mentions)).toMatchObject({
      event: { data: { revision: 4, mentions, notify: [eric] } },
    });
  });

  it('has no field for notifications if nobody is to be notified', () => {
    const decision = decideEdit(facts, owner, object, '@nico', [mention(owner, 0)]);
    expect(decision).toMatchObject({ event: { data: { mentions: [mention(owner, 0)] } } });
    expect(decision).not.toHaveProperty('event.data.notify');
  });

  it('changes nothing if the content is the same, whatever its names mean now', () => {
    const named = { ...facts, current: { ...current, content: '@ivan' } };
    expect(decideEdit(named, owner, object, '@ivan', [mention(user(1, 'ivan'), 0)]).kind).toBe('unchanged');
  });

  it.each(['sunrise', 'Sunrise ', 'Sunrise\u0301'])('takes %j for a change', (content) => {
    expect(decideEdit(facts, owner, object, content).kind).toBe('accepted');
  });

  it.each(['Sunset', 'Sunrise'])('refuses anybody but the owner, whatever the content', (content) => {
    const other: User = { id: 1 as UserId, name: 'ivan' };
    expect(decideEdit(facts, other, object, content)).toEqual({ kind: 'rejected', code: 'NOT_OWNER' });
  });

  it('refuses an object that nobody has posted', () => {
    expect(decideEdit({ ...facts, current: undefined }, owner, object, 'Sunset')).toEqual({
      kind: 'rejected',
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
