import type { Pool, QueryResultRow } from 'pg';

/**
 * A read of closed buckets as statements, each of which sees one snapshot of notes, states, aggregate and activities.
 * `plain` reads the aggregate alone, and returns nothing if there are notes, or activities of deleted or restored objects
 * that are still to be moved. `noted` takes noted buckets from their activities and shows what is to be moved as if it were
 * moved; it is right without either too. So the usual read costs what the aggregate costs.
 *
 * If there is a statement `whole`, `noted` returns nothing in rare cases, such as activities to be moved or corrections:
 * leaving these to another statement makes the usual ones short, and planning takes much of their time.
 */
export interface ReadOfClosedBuckets {
  plain: string;
  noted: string;
  whole?: string;
}

/** Weights of the latest read in a share. A single useful read is enough to try the plain statement again. */
const WEIGHTS = { useless: 1 / 8, useful: 1 / 2 };
/** While the plain statement is mostly useless, every 32nd read tries it. */
const PROBE = 32;

/** How often the plain statement was useless lately because of notes. */
interface Experience {
  share: number;
  reads: number;
}

const experiences = new WeakMap<ReadOfClosedBuckets, Experience>();

/** Tries the plain statement first, unless it has mostly been useless lately: then it costs more than it saves. */
export async function readThroughNotes<Row extends QueryResultRow>(
  pool: Pick<Pool, 'query'>,
  statements: ReadOfClosedBuckets,
  values: unknown[],
): Promise<Row[]> {
  const { plain } = statements;
  const experience = experiences.get(statements) ?? { share: 0, reads: 0 };
  experiences.set(statements, experience);
  const isUseless = experience.share > 1 / 2 && ++experience.reads % PROBE > 0;
  if (isUseless) return readNoted(pool, statements, values);
  const { rows } = await pool.query<Row>(plain, values);
  const found = rows.length > 0 ? rows : await readNoted<Row>(pool, statements, values);
  const wasUseless = found !== rows && found.length > 0;
  experience.share += WEIGHTS[wasUseless ? 'useless' : 'useful'] * (Number(wasUseless) - experience.share);
  return found;
}

async function readNoted<Row extends QueryResultRow>(
  pool: Pick<Pool, 'query'>,
  { noted, whole }: ReadOfClosedBuckets,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await pool.query<Row>(noted, values);
  return rows.length > 0 || whole === undefined ? rows : (await pool.query<Row>(whole, values)).rows;
}
