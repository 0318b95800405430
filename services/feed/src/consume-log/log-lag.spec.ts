import { LogLag } from './log-lag';

const topic = 'activity.events.v1';
const batch = (partition: number, offset: bigint, end: bigint, time: string) => ({
  topic,
  partition,
  end,
  messages: [{ offset, key: null, value: null, headers: { ce_time: time } }],
});

describe('the lag of a consumer', () => {
  it('is what it has not applied of its partitions, and the age of the oldest', () => {
    const lag = new LogLag();
    expect([lag.events(topic), lag.seconds(topic)]).toEqual([0, 0]);
    lag.begin(batch(0, 10n, 15n, '2026-01-01T00:00:05.000000+00:00'));
    lag.begin(batch(1, 7n, 9n, '2026-01-01T00:00:03.000000+00:00'));
    const now = Date.parse('2026-01-01T00:00:10Z');
    expect([lag.events(topic), lag.seconds(topic, now)]).toEqual([7, 7]);
    expect([lag.events('another'), lag.seconds('another', now)]).toEqual([0, 0]);
    lag.reach({ topic, partition: 1 }, 9n);
    expect([lag.events(topic), lag.seconds(topic, now)]).toEqual([5, 5]);
    lag.reach({ topic, partition: 0 }, 12n);
    expect([lag.events(topic), lag.seconds(topic, now)]).toEqual([3, 0]);
  });
});
