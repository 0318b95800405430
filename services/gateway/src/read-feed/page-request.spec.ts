import { readPageRequest } from './page-request';

describe('a page request', () => {
  it('has a default limit, which the next URL omits', () => {
    const page = readPageRequest('/feed/my', {});
    expect(page).toMatchObject({ limit: 50, cursor: undefined });
    expect(page.nextUrl).toBe('/feed/my?cursor=');
  });

  it('keeps an explicit limit in the next URL', () => {
    const page = readPageRequest('/feed/friends', { limit: '7', cursor: 'abc' });
    expect(page).toMatchObject({ limit: 7, cursor: 'abc' });
    expect(page.nextUrl).toBe('/feed/friends?limit=7&cursor=');
  });

  it('keeps the grouping in the next URL', () => {
    const page = readPageRequest('/feed/my', { group: 'day', limit: '7' });
    expect(page).toMatchObject({ grouped: true, nextUrl: '/feed/my?group=day&limit=7&cursor=' });
  });

  it('keeps the expansion in the next URL', () => {
    const page = readPageRequest('/feed/my', { limit: '7', expand: 'objects', group: 'day' });
    expect(page).toMatchObject({ expand: 'objects', nextUrl: '/feed/my?group=day&expand=objects&limit=7&cursor=' });
    expect(readPageRequest('/feed/my', {}).expand).toBeUndefined();
  });

  it.each(['', 'object', 'Objects', 'objects,', ['objects', 'objects']])('refuses the expansion %p', (expand) => {
    expect(() => readPageRequest('/feed/my', { expand })).toThrow(expect.objectContaining({ code: 'EXPAND_INVALID' }));
  });

  it.each(['', 'week', ['day', 'day']])('refuses the grouping %p', (group) => {
    expect(() => readPageRequest('/feed/my', { group })).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
  });

  it.each(['', '0', '201', '-1', '1.5', '1e2', ' 5', 'ten', ['5', '6']])('refuses the limit %p', (limit) => {
    expect(() => readPageRequest('/feed/my', { limit })).toThrow(expect.objectContaining({ code: 'LIMIT_INVALID' }));
  });

  it('keeps the options in the URL of what is newer, which is not grouped', () => {
    const { newerUrl } = readPageRequest('/feed/my', { limit: '7', expand: 'objects', group: 'day' });
    expect(newerUrl).toBe('/feed/my?expand=objects&limit=7&since=');
    const page = readPageRequest('/feed/my', { since: 't6h4lc.AQEEAQoBAQ' });
    expect(page).toMatchObject({ since: 't6h4lc.AQEEAQoBAQ', newerUrl: '/feed/my?since=' });
  });

  it.each(['', 'abc', '.AQ', 't6.A+', ['t6.AQ', 't6.AQ']])('refuses the position %p', (since) => {
    expect(() => readPageRequest('/feed/my', { since })).toThrow(expect.objectContaining({ code: 'POSITION_INVALID' }));
  });

  it('refuses a position with a cursor or grouped', () => {
    const read = (more: object) => () => readPageRequest('/feed/my', { since: 't6h4lc.AQ', ...more });
    expect(read({ cursor: 'abc' })).toThrow(expect.objectContaining({ code: 'POSITION_INVALID' }));
    expect(read({ group: 'day' })).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
  });

  it('refuses two cursors', () => {
    const read = () => readPageRequest('/feed/my', { cursor: ['a', 'b'] });
    expect(read).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });
});
