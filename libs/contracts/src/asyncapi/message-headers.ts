import { z } from 'zod';
import { EventTime } from '../event-time';
import { type EventType, sourceOf } from '../events';
import { EventId } from '../identifiers';
import { SOURCE, SOURCES, TOPICS } from '../topics';

/** Headers of every event; {@link headersOf} says which type belongs to which source. */
export const EventHeaders = z.object({
  'content-type': z.literal('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: EventId.describe('Of the event; a repeat has the same id'),
  ce_type: z.string().describe('Skip types that you do not know: a later version of a type has another name'),
  ce_source: z.enum(SOURCES.map((source) => SOURCE[source].uri)).describe('The service that recorded the event'),
  ce_subject: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .describe('Id of the actor whose stream contains the event; the same as the key'),
  ce_time: EventTime.meta({
    description: 'Later than all earlier events of the stream',
    format: 'date-time',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00$',
  }),
  ce_streamversion: z
    .string()
    .regex(/^[1-9]\d*$/)
    .describe(
      'Version of the stream at its source, counted from 1 without gaps; identifies repeats and gives the order',
    ),
  ce_generation: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional()
    .describe('Of the log: it grows when the log is rewritten. 1 if missing, as in events sent before it existed'),
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .describe('W3C trace context of the request that caused the event'),
});

/** Headers whose values are specific to `type`. */
export const headersOf = (type: EventType) =>
  z.object({ ce_type: z.literal(type), ce_source: z.literal(SOURCE[sourceOf(type)].uri) });

/** Headers that the feed adds to an unreadable message. */
export const DeadLetterHeaders = z.object({
  'dead-letter-reason': z.string().min(1).describe('Why the message cannot be read'),
  'dead-letter-topic': z.enum(Object.values(TOPICS)).describe('Its topic, without the prefix'),
  'dead-letter-partition': z.string().regex(/^\d+$/),
  'dead-letter-offset': z.string().regex(/^\d+$/),
});
