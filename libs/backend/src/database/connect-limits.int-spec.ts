import { Socket } from 'node:net';
import { testServers } from '../../../../test/harness/servers';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent } from '../../../../test/harness/test-database';
import { withConnection } from './connect';
import { createPool } from './create-pool';
import { ensureDatabase } from './ensure-database';
import { isUnavailable } from './is-unavailable';
import { migrate } from './migrate';

/** Milliseconds: the limit and what a busy machine adds. */
const SOON = 20_000;
const HALF_AN_HOUR = 1_800_000;

describe('connections to a database that accepts and never answers', () => {
  let server: TcpProxy;
  let url: string;

  beforeEach(async () => {
    server = await TcpProxy.to('127.0.0.1', 1);
    server.hang();
    url = `postgres://nobody@127.0.0.1:${server.port}/feed`;
  });
  afterEach(() => server.close());

  const ways: [string, () => Promise<unknown>][] = [
    ['of a pool whose statements may take long', () => queryOf(url, HALF_AN_HOUR)],
    ['of a pool for requests', () => queryOf(url)],
    ['for one piece of work', () => withConnection({ connectionString: url }, async () => undefined)],
    ['for creating a database', () => ensureDatabase(url)],
    ['for migrations', () => migrate(url, [], silent)],
  ];
  it.each(ways)('are given up in seconds: %s', async (_, connect) => {
    const begun = performance.now();
    const error = await connect().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isUnavailable(error)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(SOON);
  });
});

describe('connections to a database that answers', () => {
  it('are probed once they have been idle for some seconds', async () => {
    const keepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
    try {
      await queryOf(`${testServers().postgres}/postgres`, HALF_AN_HOUR);
      await withConnection({ connectionString: `${testServers().postgres}/postgres` }, async () => undefined);
      expect(keepAlive.mock.calls).toEqual([
        [true, 10_000],
        [true, 10_000],
      ]);
    } finally {
      keepAlive.mockRestore();
    }
  });

  it('are waited for in a pool as long as its statements may take', async () => {
    const pool = createPool(`${testServers().postgres}/postgres`, 1, silent, { limit: HALF_AN_HOUR });
    try {
      // Longer than a new connection may take.
      await Promise.all([pool.query('SELECT pg_sleep(2.5)'), pool.query('SELECT 1')]);
    } finally {
      await pool.end();
    }
  });
});

async function queryOf(url: string, limit?: number): Promise<void> {
  const pool = createPool(url, 1, silent, limit === undefined ? {} : { limit });
  try {
    await pool.query('SELECT 1');
  } finally {
    await pool.end();
  }
}
