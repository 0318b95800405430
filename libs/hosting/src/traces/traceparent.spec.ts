import { isSampled, spanContextOf, traceIdOf, traceparentFrom } from './traceparent';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a trace context', () => {
  it('names a span, and whether that is recorded', () => {
    const context = spanContextOf(`00-${TRACE}-${SPAN}-01`);
    expect(context).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(isSampled(context)).toBe(true);
    expect(isSampled(spanContextOf(`00-${TRACE}-${SPAN}-02`))).toBe(false);
  });

  it.each(['00', '01', 'ff'])('with the flags %s is written as it was read', (flags) => {
    const text = `00-${TRACE}-${SPAN}-${flags}`;
    const context = spanContextOf(text);
    expect(context && traceparentFrom(context)).toBe(text);
  });

  it.each([
    ['another version', `01-${TRACE}-${SPAN}-01`],
    ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['something behind it', `00-${TRACE}-${SPAN}-01-00`],
    ['a list', [`00-${TRACE}-${SPAN}-01`]],
    ['nothing', undefined],
  ])('with %s is none', (_, text) => {
    expect(spanContextOf(text)).toBeUndefined();
    expect(traceIdOf(text)).toBeUndefined();
  });
});

describe('the trace of a request', () => {
  it('is that of its context, or named by its id', () => {
    expect(traceIdOf(`00-${TRACE}-${SPAN}-00`)).toBe(TRACE);
    expect(traceIdOf('3ccbef78-e87b-4895-8efe-1c74dff0a9ba')).toBe('3ccbef78e87b48958efe1c74dff0a9ba');
  });
});
