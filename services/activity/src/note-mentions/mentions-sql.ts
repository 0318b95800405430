import type { Mention } from '@activity-feed/contracts';

/** Notes for good whom the rows of `versions` mention: a table with the columns type, id and mentions. */
export const noteMentionedIn = (versions: string) => `
INSERT INTO mentioned_users (object_type, object_id, user_id)
SELECT DISTINCT type, id, (mention #>> '{user,id}')::int FROM ${versions}, jsonb_array_elements(mentions) AS mention
ON CONFLICT DO NOTHING`;

/** The value of a column `mentions`. */
export const toColumn = (mentions: readonly Mention[] | undefined): string | null =>
  mentions?.length ? JSON.stringify(mentions) : null;
