import type { ErrorCode } from '@activity-feed/contracts';
import { readObjectNames } from './object-names';

const read = (names: unknown) => readObjectNames({ names });
const many = (count: number) => Array.from({ length: count }, (_, index) => `post:${index + 1}`).join(',');

describe('the names of several objects', () => {
  it('keep their order', () => {
    expect(read('photo:21,post:3,photo:2')).toEqual([
      { type: 'photo', id: 21 },
      { type: 'post', id: 3 },
      { type: 'photo', id: 2 },
    ]);
    expect(read(many(200))).toHaveLength(200);
  });

  it('name each object once, at its first place', () => {
    expect(read('post:3,photo:21,post:03,post:3')).toEqual([
      { type: 'post', id: 3 },
      { type: 'photo', id: 21 },
    ]);
  });

  it('leave out what no object can be named', () => {
    expect(read('photo:0,video:1,post:3,post:9007199254740992')).toEqual([{ type: 'post', id: 3 }]);
    expect(read('photo:0')).toEqual([]);
  });

  it.each<[unknown, ErrorCode]>([
    [undefined, 'OBJECT_NAMES_INVALID'],
    ['', 'OBJECT_NAMES_INVALID'],
    [['photo:1', 'photo:2'], 'OBJECT_NAMES_INVALID'],
    [many(201), 'OBJECT_NAMES_INVALID'],
    [`${'post:1,'.repeat(200)}post:1`, 'OBJECT_NAMES_INVALID'],
    ['photo', 'OBJECT_FORMAT_INVALID'],
    ['photo:1,', 'OBJECT_FORMAT_INVALID'],
    ['photo:1,,post:1', 'OBJECT_FORMAT_INVALID'],
    ['photo:1, post:1', 'OBJECT_FORMAT_INVALID'],
    [`photo:1,photo:${'9'.repeat(95)}`, 'OBJECT_NAME_TOO_LONG'],
  ])('are not %j', (names, code) => {
    expect(() => read(names)).toThrow(expect.objectContaining({ code }));
  });
});
