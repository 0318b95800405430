import { readPageRequest } from './page-request';

describe('the request for a page', () => {
  it('has a default limit, which the next URL leaves out', () => {
    const page = readPageRequest('/feed/my', {});
    expect(page).toMatchObject({ limit: 50, cursor: undefined });
    expect(page.urlOf('abc')).toBe('/feed/my?cursor=abc');
  });

  it('keeps a limit that was given in the next URL', () => {
    const page = readPageRequest('/feed/friends', { limit: '7', cursor: 'abc' });
    expect(page).toMatchObject({ limit: 7, cursor: 'abc' });
    expect(page.urlOf('def')).toBe('/feed/friends?limit=7&cursor=def');
  });

  it.each(['', '0', '201', '-1', '1.5', '1e2', ' 5', 'ten', ['5', '6']])('refuses the limit %p', (limit) => {
    expect(() => readPageRequest('/feed/my', { limit })).toThrow(expect.objectContaining({ code: 'LIMIT_INVALID' }));
  });

  it('refuses two cursors', () => {
    const read = () => readPageRequest('/feed/my', { cursor: ['a', 'b'] });
    expect(read).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });
});
