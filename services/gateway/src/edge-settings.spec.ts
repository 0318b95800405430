import { readConfiguration } from './configuration';

const needed = {
  SOCIAL_GRAPH_ADDRESS: 'social-graph:5001',
  ACTIVITY_ADDRESS: 'activity:5001',
  FEED_ADDRESS: 'feed:5001',
  REDIS_URL: 'redis://redis:6379',
};
const read = (more: Record<string, string>) => readConfiguration({ ...needed, ...more });

describe('CORS_ORIGINS', () => {
  it('is a list of origins', () => {
    expect(read({}).CORS_ORIGINS).toBeUndefined();
    expect(read({ CORS_ORIGINS: '' }).CORS_ORIGINS).toBeUndefined();
    expect(read({ CORS_ORIGINS: '*' }).CORS_ORIGINS).toEqual(['*']);
    expect(read({ CORS_ORIGINS: 'https://app.example, http://localhost:3000' }).CORS_ORIGINS).toEqual([
      'https://app.example',
      'http://localhost:3000',
    ]);
  });

  it.each([
    'app.example',
    'https://app.example/',
    'https://App.example',
    'https://app.example:443',
    'https://*.example',
    'null',
    'ftp://a',
    'https://a,',
  ])('is refused as %s, which no browser sends', (CORS_ORIGINS) => {
    expect(() => read({ CORS_ORIGINS })).toThrow(
      `CORS_ORIGINS is "${CORS_ORIGINS}": must be origins like https://app.example, separated by commas, or *`,
    );
  });
});

describe('TRUSTED_PROXIES', () => {
  it('is a list of addresses and networks', () => {
    expect(read({}).TRUSTED_PROXIES).toBeUndefined();
    expect(read({ TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/8,2001:db8::/32' }).TRUSTED_PROXIES).toEqual([
      '192.0.2.1',
      '10.0.0.0/8',
      '2001:db8::/32',
    ]);
  });

  it.each(['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', '10.0.0.0/', '2001:db8::/129', ',', 'true'])(
    'is refused as %s',
    (TRUSTED_PROXIES) => {
      expect(() => read({ TRUSTED_PROXIES })).toThrow(`TRUSTED_PROXIES is "${TRUSTED_PROXIES}": must be addresses`);
    },
  );
});
