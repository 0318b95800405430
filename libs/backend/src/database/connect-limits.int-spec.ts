import { Socket } from 'node:net';
import { testServers } from '../../../../test/harness/servers';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent } from '../../../../test/harness/test-database';
import { withConnection } from './connect';
import { createPool } from './create-pool';
import { ensureDatabase } from './ensure-database';
import { isUnavailable } from './is-unavailable';
import { migrate } from './migrate';

/** Milliseconds: the limit of 2,000 and a margin for a busy machine. */
const SOON = 20_000;
const HALF_AN_HOUR = 1_800_000;

describe('connections to a database that accepts them but never answers', () => {
  let server: TcpProxy;
  let url: string;

  beforeEach(async () => {
    server = await TcpProxy.to('127.0.0.1', 1);
    server.hang();
    url = `postgres://nobody@127.0.0.1:${server.port}/feed`;
  });
  afterEach(() => server.close());

  const ways: [string, () => Promise<unknown>][] = [
    ['from a pool for long statements', () => queryOf(url, HALF_AN_HOUR)],
    ['from a pool for requests', () => queryOf(url)],
    ['of withConnection', () => withConnection({ connectionString: url }, async () => undefined)],
    ['of ensureDatabase', () => ensureDatabase(url)],
    ['of migrate', () => migrate(url, [], silent)],
  ];
  it.each(ways)('time out within seconds: %s', async (_, connect) => {
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
  it('send keep-alive probes after 10 idle seconds', async () => {
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

  it('are awaited from a busy pool for as long as its statements may take', async () => {
    const pool = createPool(`${testServers().postgres}/postgres`, 1, silent, { limit: HALF_AN_HOUR });
    try {
      // Longer than the connect timeout of a new connection.
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
