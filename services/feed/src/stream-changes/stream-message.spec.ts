import { heartbeat, STALE, toText } from './stream-message';

describe('the text of a stream', () => {
  it('has its position only in the last message, so that whoever resumes misses none', () => {
    const removed = { event: 'removed', data: '{"object":"post:1"}' } as const;
    expect(toText([removed, STALE], 'p')).toBe(
      'event: removed\ndata: {"object":"post:1"}\n\nid: p\nevent: stale\ndata: {}\n\n',
    );
    expect(toText([STALE], undefined)).toBe('event: stale\ndata: {}\n\n');
  });

  it('has signs of life without an event', () => {
    expect([heartbeat('p'), heartbeat(undefined)]).toEqual([':\nid: p\n\n', ':\n\n']);
  });
});
