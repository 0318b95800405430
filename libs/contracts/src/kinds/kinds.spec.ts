import { type EventType, goldenMessages } from '../events';
import { OBJECT_TYPES, objectTypeCode, objectTypeOf } from './object-types';
import {
  definitionOfVerb,
  ENGAGEMENTS,
  UNDO_VERBS,
  undoneBy,
  undoneByEvent,
  VERBS,
  verbCode,
  verbOfCode,
  verbOfEvent,
} from './verbs';

describe('verbs and object types', () => {
  it('keep their codes, which cursors of earlier versions contain', () => {
    const codes = Object.fromEntries(VERBS.map((verb) => [verb, verbCode(verb)]));
    expect(codes).toMatchObject({ post: 0, like: 1, share: 2, follow: 3, unfollow: 4, comment: 5 });
    expect(Object.fromEntries(OBJECT_TYPES.map((type) => [type, objectTypeCode(type)]))).toMatchObject({
      post: 1,
      photo: 2,
      comment: 3,
    });
  });

  it('count as engagement with the documented points', () => {
    expect(ENGAGEMENTS).toEqual(
      expect.arrayContaining([
        { verb: 'like', count: 'likes', points: 1 },
        { verb: 'share', count: 'shares', points: 2 },
        { verb: 'comment', count: 'comments', points: 2 },
      ]),
    );
  });

  it('have unique codes that fit into 5 and 3 bits', () => {
    for (const verb of VERBS) expect(verbOfCode(verbCode(verb))).toBe(verb);
    for (const type of OBJECT_TYPES) expect(objectTypeOf(objectTypeCode(type))).toBe(type);
    expect(VERBS.every((verb) => Number.isInteger(verbCode(verb)) && verbCode(verb) >= 0 && verbCode(verb) < 32)).toBe(
      true,
    );
    expect(OBJECT_TYPES.every((type) => objectTypeCode(type) >= 1 && objectTypeCode(type) < 8)).toBe(true);
  });

  it.each(VERBS)('%s has its own event type, whose golden example has an object and a target as defined', (verb) => {
    const { event, objectTypes, hasTarget } = definitionOfVerb(verb);
    expect(verbOfEvent(event)).toBe(verb);
    const data = JSON.parse(goldenMessages.find(({ headers }) => headers.ce_type === event)?.value ?? 'null');
    expect('object' in data).toBe(objectTypes.length > 0);
    expect('target' in data).toBe(hasTarget);
  });

  it.each(UNDO_VERBS)('%s takes back a verb by an event of its own, and is no verb of an activity', (verb) => {
    const event = definitionOfVerb(undoneBy(verb)).undo?.event as EventType;
    expect(undoneByEvent(event)).toBe(undoneBy(verb));
    expect(verbOfEvent(event)).toBeUndefined();
    expect(VERBS).not.toContain(verb);
  });
});
