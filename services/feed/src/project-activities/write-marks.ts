import type { ClientBase } from 'pg';
import type { Effects } from '../activity/effects';

const MARKS = {
  name: 'upsert-notification-marks',
  text: `
INSERT INTO notification_marks (user_id, marks) SELECT * FROM unnest($1::int[], $2::jsonb[])
ON CONFLICT (user_id) DO UPDATE SET marks = excluded.marks`,
};

/** Writes what users have seen and read after a batch of events in the order of their versions, repeats left out. */
export async function writeMarks(tx: ClientBase, effects: readonly Effects[]): Promise<void> {
  const last = new Map(effects.flatMap(({ stream, marks }) => (marks ? [[stream, marks] as const] : [])));
  if (last.size === 0) return;
  await tx.query(MARKS, [[...last.keys()], Array.from(last.values(), (marks) => JSON.stringify(marks))]);
}
