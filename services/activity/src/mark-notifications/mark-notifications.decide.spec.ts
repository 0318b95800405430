import { encodeLogPosition, type Marks, NO_MARKS, type User, type UserId } from '@activity-feed/contracts';
import { decideMarks } from './mark-notifications.decide';

const actor: User = { id: 1 as UserId, name: 'ivan' };
const upTo = (offset: number) =>
  encodeLogPosition({ 'social-graph': [], activity: [offset], 'social-graph-private': [] });

describe('marking notifications', () => {
  it('records the whole state', () => {
    const current: Marks = { ...NO_MARKS, seen: upTo(1) };
    expect(decideMarks(current, actor, { read: upTo(2) })).toEqual({
      kind: 'accepted',
      event: { type: 'activity.marks-moved.v1', data: { actor, seen: upTo(1), read: upTo(2), groups: [] } },
    });
  });

  it('changes nothing if all of it is marked already', () => {
    const current: Marks = { ...NO_MARKS, read: upTo(2) };
    const groups = [{ group: 'like:photo:1:2026-11-30', until: upTo(2) }];
    for (const moved of [{}, { read: upTo(1) }, { groups }]) {
      expect(decideMarks(current, actor, moved)).toEqual({ kind: 'unchanged' });
    }
  });
});
