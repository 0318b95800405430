import type { Source } from '@activity-feed/contracts';

export type EventsTable = 'events' | 'private_events' | 'marks';

const TABLES: Partial<Record<Source, EventsTable>> = {
  'social-graph-private': 'private_events',
  'activity-marks': 'marks',
};

/** In the database of the source's service. */
export const eventsTableOf = (source: Source): EventsTable => TABLES[source] ?? 'events';

/** Whether the table has only the last event of each stream. */
export const isStateTable = (table: EventsTable): boolean => table === 'marks';

/**
 * The append-only table of a write service. It is also its outbox: `transaction_id` lets the relay read in transaction
 * order. Released migrations use this constant: never change it, add another.
 */
export const EVENTS_TABLE_V1 = `
CREATE TABLE events (
  position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id       uuid NOT NULL UNIQUE,
  stream         integer NOT NULL,
  version        bigint NOT NULL CHECK (version > 0),
  type           text NOT NULL,
  data           jsonb NOT NULL,
  metadata       jsonb NOT NULL DEFAULT '{}',
  time           timestamptz NOT NULL,
  UNIQUE (stream, version)
);
CREATE INDEX events_in_transaction_order ON events (transaction_id, position);

CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only: % is refused', TG_OP;
END $$;
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events();
`;

/** The same for what must not be in a public topic. */
export const PRIVATE_EVENTS_TABLE_V1 = `
CREATE TABLE private_events (
  position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id       uuid NOT NULL UNIQUE,
  stream         integer NOT NULL,
  version        bigint NOT NULL CHECK (version > 0),
  type           text NOT NULL,
  data           jsonb NOT NULL,
  metadata       jsonb NOT NULL DEFAULT '{}',
  time           timestamptz NOT NULL,
  UNIQUE (stream, version)
);
CREATE INDEX private_events_in_transaction_order ON private_events (transaction_id, position);
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON private_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events();
`;

/** Events that replace each other: the last one of each stream. It is an outbox as the others are. */
export const MARKS_TABLE_V1 = `
CREATE SEQUENCE marks_position AS bigint;
CREATE TABLE marks (
  position       bigint NOT NULL DEFAULT nextval('marks_position'),
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id       uuid NOT NULL,
  stream         integer PRIMARY KEY,
  version        bigint NOT NULL CHECK (version > 0),
  type           text NOT NULL,
  data           jsonb NOT NULL,
  metadata       jsonb NOT NULL DEFAULT '{}',
  time           timestamptz NOT NULL
);
CREATE INDEX marks_in_transaction_order ON marks (transaction_id, position);
`;
