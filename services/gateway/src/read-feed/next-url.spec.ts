import { withNextUrl, withUrls } from './next-url';

const page = (next_url: string) => JSON.stringify({ my_feed: [{ actor_name: 'a"}' }], next_url });

describe('the URL of the next page', () => {
  it('is made of the cursor with which a page ends', () => {
    expect(withNextUrl(page('AbC_-1'), '/feed/my?limit=2&cursor=')).toBe(page('/feed/my?limit=2&cursor=AbC_-1'));
  });

  it('stays empty on the last page', () => {
    expect(withNextUrl(page(''), '/feed/my?cursor=')).toBe(page(''));
  });
});

describe('the URLs of a page', () => {
  const placed = (next_url: string, newer_url: string) =>
    JSON.stringify({ my_feed: [{ actor_name: ',"newer_url":"' }], next_url, newer_url });
  const urls = { nextUrl: '/feed/my?cursor=', newerUrl: '/feed/my?since=' };

  it('are made of the cursor and the position with which it ends', () => {
    expect(withUrls(placed('AbC', '1z.AQ'), urls)).toBe(placed('/feed/my?cursor=AbC', '/feed/my?since=1z.AQ'));
    expect(withUrls(placed('', '1z.AQ'), urls)).toBe(placed('', '/feed/my?since=1z.AQ'));
  });

  it('lack that of what is newer if the reader is of an earlier version', () => {
    expect(withUrls(page('AbC'), urls)).toBe(page('/feed/my?cursor=AbC'));
    expect(withUrls(page(''), urls)).toBe(page(''));
  });
});
