/** How far a topic has been told: the last event sent. Used by released migrations: a change of it is a new constant. */
export const RELAY_CURSOR_TABLE_V1 = `
CREATE TABLE relay_cursor (
  topic          text PRIMARY KEY,
  transaction_id xid8 NOT NULL,
  position       bigint NOT NULL
);
`;

/** How many partitions the topic had when events were last sent to it; before, every topic had 6. */
export const RELAY_CURSOR_PARTITIONS_V1 = `
ALTER TABLE relay_cursor ADD COLUMN partitions integer;
UPDATE relay_cursor SET partitions = 6;
`;
