import { z } from 'zod';
import { EventTime } from '../event-time';
import { GENERATION } from '../generation';
import { EventId, UserId } from '../identifiers';
import { SOURCE } from '../topics';
import { eventSchemas, isEventType, type StoredEvent, sourceOf } from './event';

/** CloudEvents 1.0, Kafka binding, binary mode: attributes are headers, the value is the data as JSON. */
export interface EventMessage {
  key: string;
  headers: Record<string, string>;
  value: string;
}

/** Headers of a received message, as text. */
export type ReceivedHeaders = Record<string, string | undefined>;

export type Decoded =
  | { kind: 'event'; event: StoredEvent; generation: number }
  /** A type that this version does not know; consumers skip it. */
  | { kind: 'unknown'; type: string }
  | { kind: 'malformed'; reason: string };

export function encodeEvent(event: StoredEvent): EventMessage {
  return {
    key: String(event.stream),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: SOURCE[sourceOf(event.type)].uri,
      ce_subject: String(event.stream),
      ce_time: event.time,
      ce_streamversion: String(event.version),
      ce_generation: String(GENERATION),
      ...(event.traceparent && { traceparent: event.traceparent }),
    },
    value: JSON.stringify(event.data),
  };
}

const attributes = z.object({
  ce_id: EventId,
  ce_subject: z.string().regex(/^\d+$/).transform(Number).pipe(UserId),
  ce_time: EventTime,
  ce_streamversion: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1)),
  // Missing in events sent before there were generations.
  ce_generation: z
    .string()
    .regex(/^[1-9]\d*$/)
    .default('1')
    .transform(Number)
    .pipe(z.int()),
  traceparent: z.string().optional(),
});

/** Decodes a message of an event topic; never throws. */
export function decodeEvent(headers: ReceivedHeaders, value: string | null): Decoded {
  const type = headers.ce_type;
  if (!type) return { kind: 'malformed', reason: 'header ce_type is missing' };
  if (!isEventType(type)) return { kind: 'unknown', type };
  const place = attributes.safeParse(headers);
  if (!place.success) return malformed('header', place.error);
  const json = parseJson(value);
  if (json === undefined) return { kind: 'malformed', reason: 'value is not JSON' };
  const data = eventSchemas[type].safeParse(json);
  if (!data.success) return malformed('value', data.error);
  const { ce_id: id, ce_subject: stream, ce_time: time, ce_streamversion: version, traceparent } = place.data;
  if (data.data.actor.id !== stream) return { kind: 'malformed', reason: 'ce_subject is not the actor' };
  const event = { id, type, stream, version, time, traceparent, data: data.data } as StoredEvent;
  return { kind: 'event', event, generation: place.data.ce_generation };
}

function malformed(part: string, error: z.ZodError): Decoded {
  const [issue] = error.issues;
  return { kind: 'malformed', reason: `${part} ${issue?.path.join('.')}: ${issue?.message}` };
}

function parseJson(value: string | null): unknown {
  try {
    return JSON.parse(value ?? '');
  } catch {
    return undefined;
  }
}
