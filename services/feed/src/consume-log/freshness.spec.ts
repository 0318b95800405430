import { fromMicroseconds, fromMilliseconds, type Milliseconds } from '@activity-feed/contracts';
import { register } from 'prom-client';
import { observeFreshness } from './freshness';

const recordedAt = (time: Milliseconds) => ({ time: fromMicroseconds(fromMilliseconds(Math.floor(time))) });

describe('the freshness of events', () => {
  it('is the time until they are applied, without those from before the process started', async () => {
    const started = performance.timeOrigin;
    jest.useFakeTimers({ now: started + 100_000 });
    const events = [recordedAt(started - 1), {}, recordedAt(started + 99_750), recordedAt(started + 100_500)];
    observeFreshness('projector', events);
    jest.useRealTimers();
    const text = await register.getSingleMetricAsString('feed_freshness_seconds');
    const samples = Object.fromEntries(text.split('\n').map((line) => line.split(/ (?=[\d.]+$)/)));
    expect(samples['feed_freshness_seconds_count{by="projector"}']).toBe('2');
    expect(samples['feed_freshness_seconds_bucket{le="0.1",by="projector"}']).toBe('1');
    expect(samples['feed_freshness_seconds_bucket{le="0.5",by="projector"}']).toBe('2');
  });
});
