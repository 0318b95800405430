import type { z } from 'zod';
import type { EventTime } from '../event-time';
import type { EventId, UserId } from '../identifiers';
import { type Source, WRITE_SERVICES } from '../topics';
import { activityEvents } from './activity-events';
import { markEvents } from './mark-events';
import { privateEvents, socialGraphEvents } from './social-graph-events';

/** Every event type with the schema of its data. Fields may be added; any other change requires a new version. */
export const eventSchemas = { ...socialGraphEvents, ...privateEvents, ...activityEvents, ...markEvents } as const;

export type EventType = keyof typeof eventSchemas;
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;

/** An event as a decision returns it, before the store assigns its version and time. */
export type NewEvent<T extends EventType = EventType> = { [K in T]: { type: K; data: EventData<K> } }[T];

/** A recorded event. `version` counts the events of the actor's `stream` at one source from 1. */
export type StoredEvent<T extends EventType = EventType> = NewEvent<T> & {
  id: EventId;
  stream: UserId;
  version: number;
  time: EventTime;
  /** W3C trace context of the originating request. */
  traceparent?: string;
};

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);

export function sourceOf(type: EventType): Source {
  if (Object.hasOwn(privateEvents, type)) return 'social-graph-private';
  if (Object.hasOwn(markEvents, type)) return 'activity-marks';
  return WRITE_SERVICES.find((service) => type.startsWith(`${service}.`)) as Source;
}
