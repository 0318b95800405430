import { withNextUrl } from './next-url';

const page = (next_url: string) => JSON.stringify({ my_feed: [{ actor_name: 'a"}' }], next_url });

describe('the URL of the next page', () => {
  it('is made of the cursor with which a page ends', () => {
    expect(withNextUrl(page('AbC_-1'), '/feed/my?limit=2&cursor=')).toBe(page('/feed/my?limit=2&cursor=AbC_-1'));
  });

  it('stays empty on the last page', () => {
    expect(withNextUrl(page(''), '/feed/my?cursor=')).toBe(page(''));
  });
});
