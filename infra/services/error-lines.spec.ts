import { errorMessage } from './error-lines.ts';

describe('errorMessage', () => {
  it('tells the message and its cause', () => {
    const line = JSON.stringify({ level: 50, msg: 'request failed', err: { message: 'connection refused' } });
    expect(errorMessage(line)).toBe('request failed: connection refused');
  });

  it('says the same thing once', () => {
    expect(errorMessage('{"level":60,"msg":"no database","err":{"message":"no database"}}')).toBe('no database');
  });

  it.each(['{"level":30,"msg":"listening"}', 'plain text', '{"level":50', '{"level":30,"msg":"\\"level\\":50"}'])(
    'passes over %s',
    (line) => {
      expect(errorMessage(line)).toBeUndefined();
    },
  );
});
