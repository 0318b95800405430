import { errorOf, lossOf } from './failure.ts';

describe('errorOf', () => {
  it('returns the status and code of an error', () => {
    expect(errorOf({ status: 503, body: '{"error":true,"code":"SERVICE_UNAVAILABLE"}' })).toBe(
      '503 SERVICE_UNAVAILABLE',
    );
  });

  it('returns the status alone if the body is not an error in JSON', () => {
    expect(errorOf({ status: 502, body: '<html>' })).toBe('502');
  });

  it('returns undefined for a successful response', () => {
    expect(errorOf({ status: 201, body: '{}' })).toBeUndefined();
  });
});

describe('lossOf', () => {
  it('returns the code of the connection error', () => {
    expect(lossOf(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(lossOf(new TypeError('gone'))).toBe('TypeError');
  });
});
