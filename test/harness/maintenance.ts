import { silent, type TestDatabase } from './test-database';

/** The options of a maintenance process that keeps all activities. */
export const maintenanceOptions = (url: string) => ({
  connectionString: url,
  log: silent,
  retention: undefined,
  compressAfter: '30 days',
  onRefreshed: jest.fn(() => Promise.resolve()),
});

/** Notes a late activity, as the projector does. `ago` is an SQL interval. */
export async function noteLate({ pool }: TestDatabase, ago: string): Promise<void> {
  await pool.query("INSERT INTO late_activities (hour) SELECT date_trunc('hour', now() - $1::interval)", [ago]);
}

/** The value of the column `count` in the statement's row. */
export async function countOf({ pool }: TestDatabase, statement: string): Promise<number> {
  return (await pool.query<{ count: number }>(statement)).rows[0]?.count ?? Number.NaN;
}
