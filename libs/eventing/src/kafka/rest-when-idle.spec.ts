import RequestQueue from 'kafkajs/src/network/requestQueue';
import { restWhenIdle } from './rest-when-idle';

describe('a connection to Kafka', () => {
  const sent: number[] = [];
  let queue: InstanceType<typeof Queue>;
  const Queue = RequestQueue as unknown as new (
    options: object,
  ) => {
    push(request: object): void;
    maybeThrottle(milliseconds: number): void;
    fulfillRequest(answer: { correlationId: number }): void;
  };
  const push = (correlationId: number) =>
    queue.push({
      entry: { correlationId, resolve() {} },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });

  beforeAll(restWhenIdle);
  beforeEach(() => {
    jest.useFakeTimers();
    sent.length = 0;
    queue = new Queue({ maxInFlightRequests: 1, logger: { debug() {}, warn() {} } });
  });
  afterEach(() => jest.useRealTimers());

  it('sets no timers after a request is answered', () => {
    push(1);
    expect(sent).toEqual([1]);
    queue.fulfillRequest({ correlationId: 1 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends the next request when the one before it is answered', () => {
    push(1);
    push(2);
    expect(sent).toEqual([1]);
    queue.fulfillRequest({ correlationId: 1 });
    expect(sent).toEqual([1, 2]);
  });

  it('sends a request when the broker no longer throttles the client', () => {
    queue.maybeThrottle(500);
    push(1);
    jest.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(20);
    expect(sent).toEqual([1]);
    queue.fulfillRequest({ correlationId: 1 });
    jest.advanceTimersByTime(20);
    expect(jest.getTimerCount()).toBe(0);
  });
});
