import type { PostedRef, User, UserId } from '@activity-feed/contracts';
import { type CommentFacts, decideComment, type ExistingComment } from './comment-on-object.decide';

const actor: User = { id: 1 as UserId, name: 'ivan' };
const owner: User = { id: 2 as UserId, name: 'nico' };
const eric: User = { id: 3 as UserId, name: 'eric' };
const root: PostedRef = { type: 'photo', id: 21 };
const first: ExistingComment = { id: 7, owner: eric, root, thread: null };

const decide = (facts: Partial<CommentFacts>, replyTo?: number) =>
  decideComment({ id: 9, owner, repliedTo: undefined, ...facts }, { actor, root, content: 'Where?', replyTo });

const recorded = (more: object) => ({
  kind: 'accepted',
  event: {
    type: 'activity.comment-posted.v1',
    data: { actor, object: { type: 'comment', id: 9, content: 'Where?' }, root, target: owner, ...more },
  },
});

describe('the decision to comment on an object', () => {
  it('records the comment, with the owner of the object as target', () => {
    expect(decide({})).toEqual(recorded({ thread: null, reply_to: null }));
  });

  it('repeats the mentions', () => {
    const mentions = [{ user: eric, start: 0, end: 5 }];
    const decided = decideComment({ id: 9, owner, repliedTo: undefined }, { actor, root, content: '@eric', mentions });
    expect(decided).toMatchObject({ event: { data: { mentions } } });
  });

  it('puts a reply under the comment that it replies to', () => {
    expect(decide({ repliedTo: first }, 7)).toEqual(recorded({ thread: 7, reply_to: { id: 7, owner: eric } }));
  });

  it('puts a reply to a reply into the same thread', () => {
    const reply = { ...first, id: 8, owner: actor, thread: 7 };
    expect(decide({ repliedTo: reply }, 8)).toEqual(recorded({ thread: 7, reply_to: { id: 8, owner: actor } }));
  });

  it('refuses an object that nobody has posted', () => {
    expect(decide({ owner: undefined, repliedTo: first }, 7)).toEqual({ kind: 'rejected', code: 'OBJECT_NOT_FOUND' });
  });

  it.each([
    ['a comment that nobody has written', undefined],
    ['a comment on another object', { ...first, root: { type: 'photo', id: 22 } as const }],
    ['a comment on an object of another type', { ...first, root: { type: 'post', id: 21 } as const }],
  ])('refuses a reply to %s', (_case, repliedTo) => {
    expect(decide({ repliedTo }, 7)).toEqual({ kind: 'rejected', code: 'REPLY_INVALID' });
  });
});
