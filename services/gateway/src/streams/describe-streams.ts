import { STREAMED_PATHS, type StreamedList } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { ENTRY_EXAMPLE } from '../read-feed/entry-example';
import { POSITION_EXAMPLE } from '../read-feed/next-url';

const SUMMARIES: Record<StreamedList, string> = {
  friends: "The activities of the caller's followees, as they happen",
  notifications: 'What others do about the caller, as it happens',
};

const EVENTS: Record<StreamedList, string> = {
  friends:
    '`entry`, as in the feed; `removed`: `{actor_name, verb, time}` identify an entry that was taken back, `{object}` is a ' +
    'deleted object, whose entries disappear; `stale`: too much has changed, load the feed again.',
  notifications:
    '`notification`, as in the list: it replaces the one with the same `group`; `removed`, `{group}`; `count`, ' +
    'the counts as they are now; `stale`: too much has changed, load the list again.',
};

/** Describes the route of a stream. */
export const DescribeStream = (list: StreamedList) =>
  DescribeRoute({
    summary: SUMMARIES[list],
    description:
      `Server-sent events. The first one of a new stream is \`position\`, whose \`newer_url\` answers what comes from then on. ` +
      `Others are ${EVENTS[list]} Every id is a position in the log, as in \`newer_url\`, and valid at every gateway: to resume ` +
      'without loss or repeat, send the last one. A client that was away for too long gets `stale`, and continues from the ' +
      '`newer_url` of the page that it loads.',
    security: 'key-or-ticket',
    query: {
      last_event_id: {
        schema: z.string(),
        description:
          'The last id that was received, or the position in a `newer_url`, instead of the header Last-Event-ID',
      },
      ticket: { schema: z.string(), description: 'From `POST /tickets`, instead of the key' },
    },
    answer: {
      type: 'text/event-stream',
      schema: z.string(),
      example: [
        `id: ${POSITION_EXAMPLE}`,
        'event: position',
        `data: {"newer_url":"${STREAMED_PATHS[list]}?since=${POSITION_EXAMPLE}"}`,
        '',
        ...(list === 'friends'
          ? ['event: entry', `data: ${JSON.stringify(ENTRY_EXAMPLE)}`]
          : ['event: count', 'data: {"unseen":1,"unread":3}']),
        '',
        '',
      ].join('\n'),
    },
    errors: ['TICKET_INVALID', 'POSITION_INVALID', 'STREAMS_TOO_MANY'],
  });
