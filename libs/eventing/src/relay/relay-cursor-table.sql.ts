/** The last event published to each topic. Released migrations use this constant: never change it, add another. */
export const RELAY_CURSOR_TABLE_V1 = `
CREATE TABLE relay_cursor (
  topic          text PRIMARY KEY,
  transaction_id xid8 NOT NULL,
  position       bigint NOT NULL
);
`;

/** The number of partitions when events were last sent to the topic. Earlier versions always created 6. */
export const RELAY_CURSOR_PARTITIONS_V1 = `
ALTER TABLE relay_cursor ADD COLUMN partitions integer;
UPDATE relay_cursor SET partitions = 6;
`;
