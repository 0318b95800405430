import type { EventId, EventTime, UserId } from '@activity-feed/contracts';
import type { Activity } from '../activity/activity';
import { closedBuckets } from './late-activities';

const NOW = Date.parse('2019-02-10T12:01:30Z');

function activity(time: string, of: Partial<Activity> = {}): Activity {
  const photo = { verb: 'like', objectType: 'photo', objectId: 21 } as const;
  return {
    time: `${time}+00:00` as EventTime,
    eventId: '' as EventId,
    actorId: 1 as UserId,
    targetId: null,
    ...photo,
    ...of,
  };
}

describe('closedBuckets', () => {
  it('returns each hour before the open one once', () => {
    const times = ['2019-02-10T11:59:59.999999', '2019-02-10T11:00:00.000000', '2019-02-09T12:30:00.000000'];
    const { hours } = closedBuckets(
      times.map((time) => activity(time)),
      NOW,
    );
    expect(hours).toEqual(['2019-02-10T11:00:00+00:00', '2019-02-09T12:00:00+00:00']);
  });

  it('returns nothing for the open hour and later ones', () => {
    const times = ['2019-02-10T12:00:00.000000', '2019-02-10T13:00:00.000000'];
    const buckets = closedBuckets(
      times.map((time) => activity(time)),
      NOW,
    );
    expect(buckets).toEqual({ hours: [], groups: [], objects: [] });
  });

  it('returns an activity of each group of a closed day', () => {
    const like = activity('2019-02-09T23:59:59.999999');
    const post = activity('2019-02-09T10:00:00.000000', { verb: 'post' });
    const follow = activity('2019-02-08T10:00:00.000000', { verb: 'follow', objectType: null, objectId: null });
    const today = activity('2019-02-10T00:00:00.000000');
    expect(closedBuckets([like, like, post, follow, today], NOW).groups).toEqual([like, post, follow]);
  });

  it('returns a like or share of each object in each closed hour', () => {
    const like = activity('2019-02-10T11:59:59.999999');
    const earlier = activity('2019-02-10T10:59:59.999999');
    const other = activity('2019-02-10T10:00:00.000000', { verb: 'share', objectId: 22 });
    const post = activity('2019-02-10T10:00:00.000000', { verb: 'post', objectId: 23 });
    expect(closedBuckets([like, like, earlier, other, post], NOW).objects).toEqual([like, earlier, other]);
  });
});
