import type Broker from 'kafkajs/src/broker';
import { IDLE_WAIT, waitWhenIdle } from './wait-when-idle';

const BUSY = { minBytes: 65_536, maxWaitTime: 100 };
const IDLE = { minBytes: 1, maxWaitTime: IDLE_WAIT };

const answerOf = (...partitions: unknown[][]): Broker.FetchAnswer => ({
  responses: [{ partitions: partitions.map((messages) => ({ messages })) }, { partitions: [] }],
});

describe('fetches of a consumer', () => {
  let answer: Broker.FetchAnswer;
  let requests: Broker.FetchRequest[];
  const fetch = waitWhenIdle(async (request) => {
    requests.push(request);
    return answer;
  });
  const next = async (broker: Broker, found: Broker.FetchAnswer) => {
    answer = found;
    await fetch.call(broker, BUSY);
    return requests.at(-1);
  };
  beforeEach(() => {
    requests = [];
  });

  it('wait for the first message after a fetch without any, and for more once there are some', async () => {
    const broker = {} as Broker;
    expect(await next(broker, answerOf([], []))).toEqual(BUSY);
    expect(await next(broker, answerOf([], []))).toEqual(IDLE);
    expect(await next(broker, answerOf([], ['a message']))).toEqual(IDLE);
    expect(await next(broker, answerOf([], ['a message']))).toEqual(BUSY);
    expect(await next(broker, answerOf([]))).toEqual(BUSY);
  });

  it('depend on the broker that is asked', async () => {
    const [one, other] = [{} as Broker, {} as Broker];
    await next(one, answerOf([]));
    expect(await next(other, answerOf([]))).toEqual(BUSY);
    expect(await next(one, answerOf([]))).toEqual(IDLE);
  });

  it('keep other settings, and a longer wait', async () => {
    const broker = {} as Broker;
    const request = { ...BUSY, maxWaitTime: 2 * IDLE_WAIT, maxBytes: 7 };
    answer = answerOf([]);
    await fetch.call(broker, request);
    await fetch.call(broker, request);
    expect(requests).toEqual([request, { ...request, minBytes: 1 }]);
  });

  it('fail as they do without it', async () => {
    const failing = waitWhenIdle(() => Promise.reject(new Error('no broker')));
    await expect(failing.call({} as Broker, BUSY)).rejects.toThrow('no broker');
  });
});
