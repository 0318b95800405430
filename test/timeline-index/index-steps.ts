import fc from 'fast-check';
import { HIDINGS } from '../../services/feed/src/activity/effects';

/** Enough for both ways of merging. */
const USERS = 120;
export const EVERYONE = Array.from({ length: USERS }, (_, user) => user + 1);
const OBJECTS = 3;

const actor = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...EVERYONE) },
);
const object = fc.integer({ min: 1, max: OBJECTS });
/** Seconds. */
const age = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * 3_600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * 86_400 }) },
);
const act = fc.record({
  step: fc.constant('act' as const),
  actor,
  verb: fc.constantFrom('post' as const, 'like' as const, 'share' as const, 'comment' as const),
  object,
  /** Of a like: whether it is of a comment on the object. */
  ofComment: fc.boolean(),
  age,
});
/** `place` selects among the actor's likes. */
const unlike = fc.record({ step: fc.constant('unlike' as const), actor, place: fc.nat() });
const unshare = fc.record({ step: fc.constant('unshare' as const), actor, object });
const change = fc.oneof({ weight: 4, arbitrary: act }, { weight: 2, arbitrary: unlike }, unshare);
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** An object is deleted or restored. */
const objectChange = fc.record({
  deleted: fc.boolean(),
  object,
  /** Whether it is a comment on the object. */
  ofComment: fc.boolean(),
});
export type ObjectChange = typeof objectChange extends fc.Arbitrary<infer T> ? T : never;

/** Of objects, which nobody follows. */
export const OWNERS = Array.from({ length: 2 * OBJECTS }, (_, place) => 501 + place);
/** Who read as themselves, and hide others. */
export const VIEWERS = [2_001, 2_002];

/** A viewer hides somebody, or a block of a viewer begins or ends. */
const hiding = fc.record({
  step: fc.constant('hide' as const),
  viewer: fc.constantFrom(...VIEWERS),
  other: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(...OWNERS)),
  kind: fc.constantFrom(...HIDINGS),
  holds: fc.boolean(),
  /** Of a block: whether it is the other's. */
  byOther: fc.boolean(),
  /** Of a mute: seconds until it ends. */
  lasts: fc.option(fc.integer({ min: 1, max: 10_000 })),
});
export type HidingStep = typeof hiding extends fc.Arbitrary<infer T> ? T : never;

/** An account becomes private, suspended, or neither. */
const account = fc.record({
  step: fc.constant('account' as const),
  user: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(...OWNERS), fc.constantFrom(...VIEWERS)),
  change: fc.oneof(fc.record({ private: fc.boolean() }), fc.record({ suspended: fc.boolean() })),
});
export type AccountStep = typeof account extends fc.Arbitrary<infer T> ? T : never;

/** What happens to an index, and reads of it. */
export const step = fc.oneof(
  { weight: 30, arbitrary: change },
  // The last of the changes arrives, those before are missing in the log.
  fc.record({ step: fc.constant('gap' as const), actor, missed: fc.array(change, { minLength: 1, maxLength: 5 }) }),
  fc.record({ step: fc.constant('change object' as const), change: objectChange }),
  fc.record({
    step: fc.constant('miss object changes' as const),
    missed: fc.array(objectChange, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ step: fc.constant('settle' as const), turns: fc.integer({ min: 1, max: 20 }) }),
  { weight: 3, arbitrary: hiding },
  { weight: 2, arbitrary: account },
  fc.record({
    step: fc.constant('follow' as const),
    viewer: fc.constantFrom(...VIEWERS),
    other: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(...OWNERS)),
    follows: fc.boolean(),
  }),
  fc.record({ step: fc.constant('pass time' as const), seconds: fc.integer({ min: 1, max: 7_200 }) }),
  fc.record({
    step: fc.constant('read' as const),
    actors: fc.oneof(fc.uniqueArray(actor, { minLength: 1 }), fc.constant(EVERYONE)),
    limit: fc.integer({ min: 1, max: 12 }),
    from: fc.integer({ min: 0, max: 4 }),
    viewer: fc.option(fc.constantFrom(...VIEWERS), { nil: undefined }),
    attention: fc.constantFrom('asked' as const, 'unasked' as const),
  }),
);
