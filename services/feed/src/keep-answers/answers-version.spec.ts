const VERBS = '../../../../libs/contracts/src/kinds/verb-table';
const TYPES = '../../../../libs/contracts/src/kinds/object-type-table';

/** The version of a service whose table has other entries. */
function versionWith(table?: string, change: (entries: object) => object = (entries) => entries): string {
  let version = '';
  jest.isolateModules(() => {
    if (table) {
      jest.doMock(table, () => {
        const [[name, entries]] = Object.entries(jest.requireActual(table)) as [[string, object]];
        return { [name]: change(entries) };
      });
    }
    version = require('./answers-version').ANSWERS_VERSION;
    if (table) jest.dontMock(table);
  });
  return version;
}

describe('the version of cached answers', () => {
  it('is the same for instances with the same verbs and object types', () => {
    expect(versionWith()).toMatch(/^\d+-[0-9a-f]{8}$/);
    expect(versionWith()).toBe(versionWith(VERBS));
  });

  it.each([
    [
      'a new verb',
      VERBS,
      { applaud: { code: 31, event: 'activity.object-liked.v1', objectTypes: [], hasTarget: true } },
    ],
    ['a new object type', TYPES, { song: { code: 7 } }],
    [
      'other points of a verb',
      VERBS,
      {
        like: {
          code: 1,
          event: 'activity.object-liked.v1',
          objectTypes: ['post', 'photo'],
          hasTarget: true,
          engagement: { count: 'likes', points: 3 },
        },
      },
    ],
  ])('differs with %s', (_, table, change) => {
    expect(versionWith(table, (entries) => ({ ...entries, ...change }))).not.toBe(versionWith());
  });
});
