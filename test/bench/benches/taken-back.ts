import { fromMicroseconds, type UserId } from '@activity-feed/contracts';
import type { TimelineIndex } from '../../../services/feed/dist/timeline-index/timeline-index.js';
import type { Benchmark, Figure } from '../benchmark.ts';
import { filledIndex, pageTime } from '../measure/filled-index.ts';

/** Every hundredth activity is taken back. */
const TAKEN_BACK = 100;

/** Pages from an index in which activities were taken back, in this process, in turn with pages from one without. */
export const takenBack: Benchmark = {
  name: 'taken-back',
  reference: () => 'the same page from an index in which nothing was taken back',
  async run({ sizes }) {
    const { activities, authors, followees } = sizes.index;
    const whole = filledIndex(activities, authors);
    const index = filledIndex(activities, authors);
    takeBack(index);
    const figures: Figure[] = [];
    for (const count of followees) {
      const measure = (of: TimelineIndex) => pageTime(of, authors, count);
      // Warm up.
      measure(whole);
      measure(index);
      const rounds = Array.from({ length: sizes.rounds }, () => [measure(whole), measure(index)] as const);
      figures.push({
        name: `page p50, ${count.toLocaleString('en')} followees in memory`,
        unit: 'µs',
        ours: rounds.map(([, ours]) => ours),
        reference: rounds.map(([reference]) => reference),
      });
    }
    return figures;
  },
};

/** Takes back every hundredth activity: as often of frequent authors as they have activities, and newest ones too. */
function takeBack(index: TimelineIndex): void {
  const { rows, users } = index;
  for (let row = 0; row < rows.count; row += TAKEN_BACK) {
    const stream = users.idOf(rows.actorOf(row)) as UserId;
    const time = fromMicroseconds(rows.timeOf(row));
    const takenBack = { actorId: stream, verb: 'like', objectType: 'photo', objectId: rows.objectIdOf(row) } as const;
    const version = index.versionOf('activity', stream) + 1;
    index.apply({ source: 'activity', stream, version, users: [], takenBack: { ...takenBack, from: time, to: time } });
    if (!rows.isHidden(row)) throw new Error('the activity was not taken back');
  }
}
