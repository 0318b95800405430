import { traceparentOf } from './trace-context';

const REQUEST = '3ccbef78-e87b-4895-8efe-1c74dff0a9ba';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the trace context of a request', () => {
  it('is a new span of the caller’s trace', () => {
    const received = `00-${TRACE}-00f067aa0ba902b7-01`;
    const traceparent = traceparentOf(received, REQUEST);
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
  ])('starts a new trace with the request’s id for %p', (received) => {
    expect(traceparentOf(received, REQUEST)).toMatch(/^00-3ccbef78e87b48958efe1c74dff0a9ba-[0-9a-f]{16}-00$/);
  });
});
