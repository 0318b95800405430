import {
  type EventId,
  type EventTime,
  fromMicroseconds,
  type Microseconds,
  toMicroseconds,
} from '@activity-feed/contracts';

/** A position in the order of all activities: by time, then by event id. */
export interface Position {
  readonly time: Microseconds;
  /** The event's id as four words, highest first: they compare as Postgres compares UUIDs. */
  readonly id: readonly [number, number, number, number];
}

type IdWords = Position['id'];

export const LOWEST_ID: IdWords = [0, 0, 0, 0];

export function idWords(uuid: string): IdWords {
  return [
    Number.parseInt(uuid.slice(0, 8), 16),
    Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16),
    Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16),
    Number.parseInt(uuid.slice(28, 36), 16),
  ];
}

export function uuidOf(words: IdWords): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A {@link Position} as events and SQL write it. */
export interface PagePosition {
  time: EventTime;
  eventId: EventId;
}

export const toPagePosition = ({ time, id }: Position): PagePosition => ({
  time: fromMicroseconds(time),
  eventId: uuidOf(id) as EventId,
});

export const toPosition = ({ time, eventId }: PagePosition): Position => ({
  time: toMicroseconds(time),
  id: idWords(eventId),
});
