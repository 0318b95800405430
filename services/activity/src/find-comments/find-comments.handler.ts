import {
  type Answer,
  type CommentOrder,
  type CommentsPage,
  type CommentsQuery,
  type EventTime,
  FindComments,
  type Listed,
  type ListedComment,
  type Mention,
  type ObjectRef,
  PAGE_CONTENT,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { CURRENT_MENTIONS } from '../find-object/current-versions';
import { sqlExistsFor, sqlIsLiving, sqlRootIsLiving } from '../find-object/visible-to';
import { type CommentPosition, decodeCommentCursor, encodeCommentCursor } from './comment-cursor';

interface List {
  /** Condition on the comments of the object ($1, $2). A deleted comment is listed while it has living replies. */
  of: string;
  /** The list's name in the names of its statements. */
  name: string;
}

/** Relies on the index living_replies. */
const hasReplies = (id: string) =>
  `(SELECT true FROM comments AS reply WHERE reply.thread = ${id} AND NOT reply.deleted LIMIT 1) IS NOT NULL`;

/** Relies on the index comments_of_object. */
const OF_OBJECT: List = {
  name: 'object',
  of: `thread IS NULL AND root_type = $1 AND root_id = $2 AND (NOT deleted OR ${hasReplies('comments.id')})
    AND ${sqlIsLiving('$1', '$2')}`,
};
/** Relies on the index living_replies. A reply has no replies: those to it are in the same thread. */
const OF_THREAD: List = {
  name: 'thread',
  of: `$1::text = 'comment' AND thread = $2 AND NOT deleted AND ${sqlRootIsLiving('$2')}`,
};

/** Bytes of a comment's content that its reader sees. */
const BYTES = 'CASE WHEN deleted THEN 0 ELSE octet_length(content) END';

/**
 * Relies on the list's index, the primary keys of objects and likes, and for the counts on living_replies and
 * likes_of_object. LIMIT 1 makes it look up each comment of the page. Contents after the one that fills the page are not
 * read; `found` counts them too.
 */
const listOf = ({ name, of }: List, order: CommentOrder) => {
  const [after, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  const inOrder = `ORDER BY created_at ${direction}, id ${direction}`;
  return {
    name: `read-comments-of-${name}-${order}`,
    text: `
WITH page AS (
  SELECT id, reply_to, created_at, deleted FROM comments
  WHERE ${of} AND (created_at, id) ${after} ($3::timestamptz, $4::bigint)
  ${inOrder} LIMIT $5
), measured AS (
  SELECT *, count(*) OVER ()::float8 AS found,
         sum(${BYTES}) OVER (${inOrder} ROWS UNBOUNDED PRECEDING) - ${BYTES} AS before
  FROM page CROSS JOIN LATERAL (
    SELECT owner_id, owner_name, content, ${CURRENT_MENTIONS} AS mentions, edited_at FROM objects
    WHERE type = 'comment' AND id = page.id LIMIT 1
  ) AS object
)
SELECT page.id AS object_id, owner_id AS user_id, owner_name AS user_name, content, mentions, reply_to,
       (SELECT count(*) FROM comments AS reply WHERE reply.thread = page.id AND NOT reply.deleted)::float8 AS replies,
       (SELECT count(*) FROM likes WHERE object_type = 'comment' AND object_id = page.id AND NOT deleted)::float8 AS likes,
       (SELECT true FROM likes WHERE user_id = $6 AND object_type = 'comment' AND object_id = page.id LIMIT 1)
         IS NOT NULL AS liked,
       ${sqlEventTime('page.created_at')} AS created_at, ${sqlEventTime('edited_at')} AS edited_at,
       deleted, found
FROM measured AS page WHERE before < ${PAGE_CONTENT}
ORDER BY page.created_at ${direction}, page.id ${direction}`,
  };
};

export const COMMENTS = {
  object: { oldest: listOf(OF_OBJECT, 'oldest'), newest: listOf(OF_OBJECT, 'newest') },
  thread: { oldest: listOf(OF_THREAD, 'oldest'), newest: listOf(OF_THREAD, 'newest') },
};

/** Whether an object exists for the reader or, if it is a deleted comment, its replies do. */
const LISTED = {
  name: 'comments-listed',
  text: `
SELECT ${sqlExistsFor('$1', '$2', '$3')}
  OR ($1::text = 'comment' AND ${sqlRootIsLiving('$2')} AND ${hasReplies('$2')}) AS listed`,
};

interface Bound {
  time: EventTime | 'infinity' | '-infinity';
  id: number;
}

/** A position before all comments. */
const BEGINNING: Record<CommentOrder, Bound> = {
  oldest: { time: '-infinity', id: 0 },
  newest: { time: 'infinity', id: 0 },
};

type Row = Omit<ListedComment, 'mentions' | keyof Listed> & {
  user_id: UserId;
  mentions: Mention[] | null;
  found: number;
};

/** The first-level comments on a post or photo, and the replies to a first-level comment. */
@Controller()
export class FindCommentsHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindComments.pattern)
  async handle({ object, reader, order, limit, cursor, identified }: CommentsQuery): Promise<Answer<CommentsPage>> {
    const after = cursor === undefined ? BEGINNING[order] : decodeCommentCursor({ object, order }, cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const rows = await this.comments(object, order, after, limit + 1, reader);
    if (rows.length === 0 && !(await this.isListed(object, reader))) return { ok: false, code: 'OBJECT_NOT_FOUND' };
    const page = rows.slice(0, limit);
    const cursorOf = (row: Row) => encodeCommentCursor({ object, order }, positionOf(row));
    const comments = page.map((row) => ({
      ...toListed(row),
      ...(identified && { user_id: row.user_id, cursor: cursorOf(row) }),
    }));
    const last = page.at(-1);
    const isLastPage = rows[0]?.found === page.length;
    const next = last && !isLastPage ? cursorOf(last) : undefined;
    return { ok: true, value: { comments, next } };
  }

  private async isListed({ type, id }: ObjectRef, reader: UserId): Promise<boolean> {
    const { rows } = await this.pool.query<{ listed: boolean }>(LISTED, [type, id, reader]);
    return rows[0]?.listed === true;
  }

  private async comments(
    { type, id }: ObjectRef,
    order: CommentOrder,
    after: Bound,
    count: number,
    reader: UserId,
  ): Promise<Row[]> {
    const statement = COMMENTS[type === 'comment' ? 'thread' : 'object'][order];
    const { rows } = await this.pool.query<Row>(statement, [type, id, after.time, after.id, count, reader]);
    return rows;
  }
}

/** Of a deleted comment, nothing that its user wrote and nothing about it. */
const toListed = ({ deleted, mentions, user_id: _, found: __, ...comment }: Row): ListedComment => {
  const shown = (mentions ?? []).map(({ user: { name }, start, end }) => ({ name, start, end }));
  if (!deleted) return { ...comment, mentions: shown, deleted };
  return { ...comment, user_name: null, content: null, mentions: [], liked: false, edited_at: null, deleted };
};

const positionOf = ({ created_at, object_id }: Row): CommentPosition => ({ time: created_at, id: object_id });
