import type { z } from 'zod';
import type { EventTime } from '../event-time';
import type { EventId, UserId } from '../identifiers';
import { SOURCES, type Source } from '../topics';
import { activityEvents } from './activity-events';
import { socialGraphEvents } from './social-graph-events';

/** Every event type with the schema of its data. Fields may be added to a type; any other change is a new version. */
export const eventSchemas = { ...socialGraphEvents, ...activityEvents } as const;

export type EventType = keyof typeof eventSchemas;
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;

/** What a decision yields: an event before the store gives it a place. */
export type NewEvent<T extends EventType = EventType> = { [K in T]: { type: K; data: EventData<K> } }[T];

/** An event at its place: the `version`th of the actor's `stream`, counted from 1 by each source. */
export type StoredEvent<T extends EventType = EventType> = NewEvent<T> & {
  id: EventId;
  stream: UserId;
  version: number;
  time: EventTime;
  /** W3C trace context of the request that caused it. */
  traceparent?: string;
};

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);

/** The source is the first part of every type's name. */
export const sourceOf = (type: EventType): Source => SOURCES.find((source) => type.startsWith(`${source}.`)) as Source;
