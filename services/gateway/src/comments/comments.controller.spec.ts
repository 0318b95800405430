import { type CommentsPage, type ListedComment, type User, type UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandsOf } from '../../../../test/harness/made-up-commands';
import { type MadeUp, visibilityOf } from '../../../../test/harness/made-up-visibility';
import type { Mentions } from '../resolve-mentions/mentions';
import type { Services } from '../services/services';
import { CommentsController } from './comments.controller';

const user: User = { id: 1 as UserId, name: 'ivan' };
const caller = { user, key: 'abc123' };
const MENTIONS = [{ user, start: 0, end: 5 }];
const reply = {} as FastifyReply;
const COMMENT = { object_id: 9, user_id: 2 as UserId, deleted: false, cursor: 'xyz' } as ListedComment;
const requestOf = (query = {}, headers = {}) => ({ query, headers }) as Partial<FastifyRequest> as FastifyRequest;

function controller(page: CommentsPage = { comments: [] }, madeUp: MadeUp = {}) {
  const visible = visibilityOf(madeUp);
  const commands = { send: jest.fn(async () => ({ objectId: 9 })) };
  const services = { ask: jest.fn(async () => page) };
  const mentions = { resolve: jest.fn(async () => MENTIONS) };
  const comments = new CommentsController(
    commandsOf(commands.send),
    services as unknown as Services,
    mentions as unknown as Mentions,
    visible.objects,
    visible.lists,
  );
  return { comments, commands, services };
}

describe('POST /objects/:object/comments', () => {
  it.each([
    [{}, undefined],
    [{ reply_to: null }, undefined],
    [{ reply_to: 7 }, 7],
  ])('sends the command for %j', async (more, replyTo) => {
    const { comments, commands } = controller();
    expect(await comments.comment(caller, 'photo:21', { content: 'Where?', ...more }, reply)).toEqual({
      type: 'comment',
      object_id: 9,
      message: 'Activity recorded',
    });
    const command = { actor: user, root: { type: 'photo', id: 21 }, content: 'Where?', mentions: MENTIONS, replyTo };
    expect(commands.send.mock.calls).toEqual([[{ pattern: 'activity.comment-on-object' }, command, reply]]);
  });

  it('refuses a comment on a hidden object, and replies to a hidden comment as to none', async () => {
    const owners = { 'photo:9': [8], 'photo:21': [2], 'comment:7': [8, 2] };
    const { comments, commands } = controller(undefined, { owners, hidden: [8] });
    const commenting = comments.comment(caller, 'photo:9', { content: 'Hm' }, reply);
    await expect(commenting).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(commands.send).not.toHaveBeenCalled();
    await comments.comment(caller, 'photo:21', { content: 'Hm', reply_to: 7 }, reply);
    expect(commands.send.mock.calls).toMatchObject([[{}, { replyTo: 0 }, {}]]);
  });

  it.each([
    ['photo:21', {}, 'CONTENT_MISSING'],
    ['photo', { content: '' }, 'CONTENT_MISSING'],
    ['photo:21', { content: 'a', reply_to: 0 }, 'REPLY_INVALID'],
    ['photo:21', { content: 'a', reply_to: '7' }, 'REPLY_INVALID'],
    ['photo:21', { content: 'a', reply_to: 1.5 }, 'REPLY_INVALID'],
    ['photo', { content: 'a' }, 'OBJECT_FORMAT_INVALID'],
    ['comment:9', { content: 'a' }, 'OBJECT_FORMAT_INVALID'],
    ['video:1', { content: 'a' }, 'OBJECT_NOT_FOUND'],
  ])('refuses a comment on %s with %j', async (name, body, code) => {
    const { comments, commands } = controller();
    await expect(comments.comment(caller, name, body, reply)).rejects.toMatchObject({ code });
    expect(commands.send).not.toHaveBeenCalled();
  });
});

describe('GET /objects/:object/comments', () => {
  it('asks for the oldest comments unless the request says otherwise', async () => {
    const { comments, services } = controller();
    expect(await comments.comments(caller, 'comment:9', requestOf(), reply)).toEqual({ comments: [], next_url: '' });
    const query = {
      object: { type: 'comment', id: 9 },
      reader: 1,
      order: 'oldest',
      limit: 51,
      cursor: undefined,
      identified: true,
    };
    expect(services.ask.mock.calls).toEqual([[{ pattern: 'activity.find-comments' }, query]]);
  });

  it('continues in the same order', async () => {
    const { comments, services } = controller({ comments: [COMMENT, COMMENT], next: 'uvw' });
    const request = requestOf({ order: 'newest', limit: '1', cursor: 'abc' });
    expect((await comments.comments(caller, 'photo:21', request, reply)).next_url).toBe(
      '/objects/photo:21/comments?order=newest&limit=1&cursor=xyz',
    );
    expect(services.ask.mock.calls).toMatchObject([[{}, { order: 'newest', limit: 2, cursor: 'abc' }]]);
  });

  it('marks those of muted users, unless they are deleted, and leaves out those of hidden ones', async () => {
    const page = { comments: [COMMENT, { ...COMMENT, deleted: true }, { ...COMMENT, user_id: 8 as UserId }] };
    const { comments } = controller(page, { muted: [2], hidden: [8] });
    expect((await comments.comments(caller, 'photo:21', requestOf(), reply)).comments).toEqual([
      { object_id: 9, deleted: false, muted: true },
      { object_id: 9, deleted: true },
    ]);
  });

  it.each([
    ['photo', {}, {}, 'OBJECT_FORMAT_INVALID'],
    ['video:1', {}, {}, 'OBJECT_NOT_FOUND'],
    ['photo:21', { order: 'best' }, {}, 'ORDER_INVALID'],
    ['photo:21', { order: ['oldest', 'newest'] }, {}, 'ORDER_INVALID'],
    ['photo:21', { limit: '0' }, {}, 'LIMIT_INVALID'],
    ['photo:21', {}, { 'consistency-token': 'nonsense' }, 'CONSISTENCY_TOKEN_INVALID'],
  ])('refuses %s with %j %j', async (name, query, headers, code) => {
    const { comments, services } = controller();
    await expect(comments.comments(caller, name, requestOf(query, headers), reply)).rejects.toMatchObject({ code });
    expect(services.ask).not.toHaveBeenCalled();
  });
});
