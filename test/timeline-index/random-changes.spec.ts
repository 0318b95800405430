import type { Microseconds } from '@activity-feed/contracts';
import fc from 'fast-check';
import { DAY } from '../../services/feed/src/activity/durations';
import { expectAggregates, expectPages, expectRecent } from './expect-index';
import { type Change, EVERYONE, step, VIEWERS } from './index-steps';
import { IndexWorld, START } from './index-world';

describe('activities that were taken back, whose objects are deleted, or that are hidden from a viewer', () => {
  it('are not shown, for random activities, gaps, windows and reads', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 16, max: 300 }),
        (steps, budget) => {
          const world = new IndexWorld(budget);
          for (const one of steps) {
            if (one.step === 'gap') world.miss(one.actor, one.missed);
            else if (one.step === 'change object') world.changeObject(one.change);
            else if (one.step === 'miss object changes') world.missObjectChanges(one.missed);
            else if (one.step === 'settle') world.settle(one.turns);
            else if (one.step === 'hide') world.hide(one);
            else if (one.step === 'account') world.changeAccount(one);
            else if (one.step === 'follow') world.follow(one.viewer, one.other, one.follows);
            else if (one.step === 'pass time') world.passTime(one.seconds);
            else if (one.step === 'read') {
              const from = (Math.floor(START / DAY) * DAY - one.from * DAY) as Microseconds;
              expectPages(world, one.actors, one.limit, one);
              expectAggregates(world, one.actors, from, one);
              expectRecent(world);
            } else world.apply(one as Change);
          }
          world.settle();
          world.expectSettled();
          for (const viewer of [undefined, ...VIEWERS]) {
            for (const attention of ['asked', 'unasked'] as const)
              expectPages(world, EVERYONE, 5, { viewer, attention });
          }
          expectRecent(world);
        },
      ),
      { numRuns: 75 },
    );
  });
});
