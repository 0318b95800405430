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
