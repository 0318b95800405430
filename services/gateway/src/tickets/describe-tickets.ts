import { EventTime } from '@activity-feed/contracts';
import { z } from 'zod';
import { TICKET_SECONDS } from '../authenticate/tickets';
import { DescribeRoute } from '../openapi/describe-route';
import { code } from '../validate/parse';

export const TicketRequest = z.object({}, code('BAD_REQUEST'));

/** Describes the route that issues tickets. */
export const DescribeTickets = () =>
  DescribeRoute({
    summary: 'A ticket for opening a stream',
    description:
      'For browsers, whose EventSource cannot send a key: `/feed/friends/stream?ticket=…`. A ticket is valid once, and for ' +
      `${TICKET_SECONDS} seconds. An EventSource reconnects with the same URL, so open a new one with a new ticket and \`last_event_id\`.`,
    security: 'key',
    body: { schema: TicketRequest, examples: { ticket: {} } },
    answer: {
      status: 201,
      schema: z.object({ ticket: z.string(), expires_at: EventTime }),
      example: { ticket: 'mUQ2u3J0vW1rTn5oYz8aLxkC6dEfGhIj', expires_at: '2019-02-10T12:02:00.894037+00:00' },
    },
  });
