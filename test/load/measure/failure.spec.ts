import { errorOf, lossOf } from './failure.ts';

describe('errorOf', () => {
  it('is the status and the code of an error', () => {
    expect(errorOf({ status: 503, body: '{"error":true,"code":"SERVICE_UNAVAILABLE"}' })).toBe(
      '503 SERVICE_UNAVAILABLE',
    );
  });

  it('is the status alone when the body is something else', () => {
    expect(errorOf({ status: 502, body: '<html>' })).toBe('502');
  });

  it('is nothing for a good answer', () => {
    expect(errorOf({ status: 201, body: '{}' })).toBeUndefined();
  });
});

describe('lossOf', () => {
  it('is what the connection said', () => {
    expect(lossOf(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(lossOf(new TypeError('gone'))).toBe('TypeError');
  });
});
