import { WAITING_READS } from '@activity-feed/contracts';
import { type Configuration, mostOpen } from './configuration';

const reader = { host: 'reader', port: 5001 };
const withReaders = (count: number, limit?: number) =>
  mostOpen({ FEED_ADDRESS: Array(count).fill(reader), MAX_OPEN_REQUESTS: limit } as Configuration);

describe('the limit of requests in progress', () => {
  it.each([1, 2, 8])(
    'leaves room for other requests while every slot for waiting reads is taken: %s readers',
    (count) => {
      expect(withReaders(count)).toBeGreaterThanOrEqual(count * WAITING_READS + 100);
    },
  );

  it('is the one that is set', () => {
    expect(withReaders(8, 50)).toBe(50);
  });
});
