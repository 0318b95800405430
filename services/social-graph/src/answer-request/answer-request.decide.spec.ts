import type { User, UserId } from '@activity-feed/contracts';
import { decideAnswer } from './answer-request.decide';

const eric: User = { id: 3 as UserId, name: 'eric' };
const ivan: User = { id: 1 as UserId, name: 'ivan' };
const facts = { isRequested: true, follows: false, isBlocked: false };
const ended = (cause: string) => ({
  type: 'social-graph.follow-request-ended.v1',
  data: { actor: eric, target: ivan, cause },
});

describe('the answer to a request to follow', () => {
  it.each(['accepted', 'published'] as const)('ends it, and begins the follow, if it is %s', (cause) => {
    expect(decideAnswer(facts, eric, ivan, cause)).toEqual({
      kind: 'accepted',
      event: ended(cause),
      also: [
        {
          stream: eric.id,
          event: { type: 'social-graph.user-followed.v1', data: { actor: eric, target: ivan, cause } },
        },
      ],
    });
    expect(decideAnswer({ ...facts, follows: true }, eric, ivan, cause)).toEqual({
      kind: 'accepted',
      event: ended(cause),
    });
  });

  it('only ends it if it is declined', () => {
    expect(decideAnswer(facts, eric, ivan, 'declined')).toEqual({ kind: 'accepted', event: ended('declined') });
  });

  it('changes nothing without a request; a user who blocks the caller is not found then', () => {
    expect(decideAnswer({ ...facts, isRequested: false }, eric, ivan, 'accepted')).toEqual({ kind: 'unchanged' });
    const blocked = { ...facts, isRequested: false, isBlocked: true };
    expect(decideAnswer(blocked, eric, ivan, 'declined')).toEqual({ kind: 'rejected', code: 'USER_NOT_FOUND' });
    expect(decideAnswer(blocked, eric, ivan, 'published')).toEqual({ kind: 'unchanged' });
  });
});
