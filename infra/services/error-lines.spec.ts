import { errorMessage } from './error-lines.ts';

describe('errorMessage', () => {
  it('returns the message and its cause', () => {
    const line = JSON.stringify({ level: 50, msg: 'request failed', err: { message: 'connection refused' } });
    expect(errorMessage(line)).toBe('request failed: connection refused');
  });

  it('does not repeat a cause that equals the message', () => {
    expect(errorMessage('{"level":60,"msg":"no database","err":{"message":"no database"}}')).toBe('no database');
  });

  it.each(['{"level":30,"msg":"listening"}', 'plain text', '{"level":50', '{"level":30,"msg":"\\"level\\":50"}'])(
    'ignores %s',
    (line) => {
      expect(errorMessage(line)).toBeUndefined();
    },
  );
});
