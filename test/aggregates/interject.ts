import type { Client, QueryConfig } from 'pg';

/** Runs `work`, and `other` before the first of its statements that contains `part`. */
export async function interject(
  client: Client,
  part: string,
  other: () => Promise<unknown>,
  work: () => Promise<unknown>,
): Promise<void> {
  const query = client.query.bind(client);
  let done = false;
  const spy = jest.spyOn(client, 'query').mockImplementation((async (
    statement: string | QueryConfig,
    values?: unknown[],
  ) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    if (!done && text.includes(part)) {
      done = true;
      await other();
    }
    return query(statement as string, values);
  }) as unknown as Client['query']);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  if (!done) throw new Error(`no statement contained ${part}`);
}
