import { z } from 'zod';
import { EventTime } from '../event-time';
import { type EventType, sourceOf } from '../events';
import { EventId } from '../identifiers';
import { SOURCES, TOPICS } from '../topics';

/** What every event carries; which type and source go together is said by {@link headersOf}. */
export const EventHeaders = z.object({
  'content-type': z.literal('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: EventId.describe('Of the event: a repeat has the same'),
  ce_type: z.string().describe('Skip a type that you do not know: a later version of a type is a type of its own'),
  ce_source: z.enum(SOURCES.map((source) => `/${source}`)).describe('The service that recorded the event'),
  ce_subject: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .describe('Id of the actor, in whose stream the event stands; the same as the key'),
  ce_time: EventTime.meta({
    description: 'Within a stream later than all events before it',
    format: 'date-time',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00$',
  }),
  ce_streamversion: z
    .string()
    .regex(/^[1-9]\d*$/)
    .describe('Place in the stream, counted from 1 by each source without a gap: tells repeats and the order'),
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .describe('W3C trace context of the request that caused the event'),
});

/** The headers in which the messages of `type` differ from other events. */
export const headersOf = (type: EventType) =>
  z.object({ ce_type: z.literal(type), ce_source: z.literal(`/${sourceOf(type)}`) });

/** What the feed adds to the headers that an unreadable message came with. */
export const DeadLetterHeaders = z.object({
  'dead-letter-reason': z.string().min(1).describe('What is wrong with the message'),
  'dead-letter-topic': z.enum(Object.values(TOPICS)).describe('Where it was, without a prefix'),
  'dead-letter-partition': z.string().regex(/^\d+$/),
  'dead-letter-offset': z.string().regex(/^\d+$/),
});
