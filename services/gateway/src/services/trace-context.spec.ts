import { traceparentOf } from './trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the trace context of a request', () => {
  it('is a step of its own in the caller’s trace', () => {
    const received = `00-${TRACE}-00f067aa0ba902b7-01`;
    const traceparent = traceparentOf(received);
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toBe(received);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `01-${TRACE}-00f067aa0ba902b7-01`,
    ['a', 'b'],
  ])('begins a new trace for %p', (received) => {
    expect(traceparentOf(received)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceparentOf(received)).not.toContain(TRACE);
  });
});
