import { createPool } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import { pino } from 'pino';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { restoreStream } from './restore-stream';

/** Milliseconds for a statement: much longer than for connecting, also on a busy machine. */
const LIMIT = 60_000;

describe('restoring a stream while the database does not answer', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;

  beforeEach(async () => {
    database = await createFeedDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = await TcpProxy.to(hostname, Number(port));
  });
  afterEach(async () => {
    await proxy.close();
    await database.drop();
  });

  it('fails within seconds, is retried, and finishes once the database answers', async () => {
    await database.pool.query("INSERT INTO applied_versions (source, stream, version) VALUES ('activity', 7, 3)");
    const url = new URL(database.url);
    url.port = String(proxy.port);
    url.hostname = '127.0.0.1';
    const pool = createPool(url.href, 1, silent, { limit: LIMIT });
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) }) as Logger;
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 1_000 });
    try {
      proxy.hang();
      const restoring = restoreStream(pool, index, { source: 'activity', stream: 7, version: 3 }, log, () => false);
      const failed = () => lines.some((line) => line.includes('cannot reload the stream'));
      await eventually('the first attempt fails', failed, { within: LIMIT / 2 });
      proxy.restore();
      await restoring;
      expect(index.versionOf('activity', 7)).toBe(3);
    } finally {
      await pool.end();
    }
  });
});
