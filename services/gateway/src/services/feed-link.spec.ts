import { FEED_STATUSES } from '@activity-feed/contracts';
import { LinkServer } from '@activity-feed/link';
import { FeedLink } from './feed-link';

describe('a read of the feed', () => {
  let server: LinkServer;
  let link: FeedLink;
  let code = '';

  beforeEach(async () => {
    server = new LinkServer(() => ({ status: FEED_STATUSES.refused, payload: Buffer.from(code) }));
    const port = await server.listen(0, '127.0.0.1');
    link = new FeedLink({ FEED_ADDRESS: [{ host: '127.0.0.1', port }] });
  });
  afterEach(async () => {
    link.onApplicationShutdown();
    await server.close();
  });

  it.each([
    ['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'],
    ['CURSOR_INVALID', 'CURSOR_INVALID'],
    ['A_CODE_OF_A_LATER_VERSION', 'INTERNAL'],
  ])('that its reader refuses with %s fails with %s', async (refused, expected) => {
    code = refused;
    await expect(link.read('stats', { hours: 1 })).rejects.toMatchObject({ code: expected });
  });
});
