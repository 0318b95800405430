import type { FastifyRequest } from 'fastify';
import { onBehalfOf, RequestScope, requestScope, scopeOf } from './request-scope';

const ID = '3ccbef78-e87b-4895-8efe-1c74dff0a9ba';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('what is noted about a request', () => {
  const requestWith = (headers = {}) => ({ id: ID, headers, scope: null }) as unknown as FastifyRequest;

  it('has the trace of the client, or one that its id names', () => {
    const of = (headers: object) => new RequestScope(requestWith(headers)).ids;
    expect(of({})).toEqual({ request_id: ID, trace_id: ID.replaceAll('-', '') });
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    expect(of({ traceparent })).toEqual({ request_id: ID, trace_id: TRACE });
    expect(of({ traceparent: 'broken' })).toEqual(of({}));
  });

  it('adds up waits for the same', () => {
    const scope = new RequestScope(requestWith());
    expect(scope.took).toBeUndefined();
    const now = performance.now();
    scope.noteWait('body', now - 100);
    scope.noteWait('body', now - 200);
    expect(scope.took?.body).toBeGreaterThanOrEqual(300);
  });

  it('is the same wherever it is needed', () => {
    const request = requestWith();
    expect(requestScope()).toBeUndefined();
    onBehalfOf(request, () => expect(requestScope()).toBe(scopeOf(request)));
  });
});
