const { default: Sequencer } = require('@jest/test-sequencer');

/** Test files that take more than 20 s, longest first. Started last, one of them would run on while others are done. */
const LONGEST = [
  'test/e2e/every-arrangement.e2e-spec.ts',
  'test/bench/bench.e2e-spec.ts',
  'test/e2e/world-steps.e2e-spec.ts',
  'test/e2e/stop.e2e-spec.ts',
  'test/e2e/refusing-redis.e2e-spec.ts',
  'test/e2e/world.e2e-spec.ts',
  'test/e2e/shared-system.e2e-spec.ts',
  'test/e2e/faults.e2e-spec.ts',
  'test/e2e/feed-roles.e2e-spec.ts',
  'test/e2e/broker.e2e-spec.ts',
  'test/e2e/generate-into-existing.e2e-spec.ts',
  'test/e2e/boot.e2e-spec.ts',
];

/** Jest knows how long a file takes only from earlier runs, and a clean clone has none. */
class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => LONGEST.findIndex((file) => path.endsWith(file)) + 1 || LONGEST.length + 1;
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}

module.exports = Object.assign(LongestFirst, { LONGEST });
