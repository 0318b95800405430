import { retryAfter } from './retry-after';

describe('Retry-After', () => {
  it('is evenly distributed over 1 to 3 seconds', () => {
    expect([0, 0.33, 0.34, 0.66, 0.67, 0.999_999].map(retryAfter)).toEqual(['1', '1', '2', '2', '3', '3']);
  });
});
