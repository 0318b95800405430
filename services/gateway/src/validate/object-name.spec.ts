import type { ErrorCode } from '@activity-feed/contracts';
import { ObjectName, toObjectRef } from './object-name';
import { parse } from './parse';

const read = (name: unknown) => toObjectRef(parse(ObjectName, name));

describe('the name of an object', () => {
  it('is its type and its id', () => {
    expect(read('photo:21')).toEqual({ type: 'photo', id: 21 });
    expect(read('post:9007199254740991')).toEqual({ type: 'post', id: Number.MAX_SAFE_INTEGER });
  });

  it.each<[unknown, ErrorCode]>([
    [undefined, 'OBJECT_FORMAT_INVALID'],
    ['', 'OBJECT_FORMAT_INVALID'],
    ['photo', 'OBJECT_FORMAT_INVALID'],
    [':21', 'OBJECT_FORMAT_INVALID'],
    ['photo:', 'OBJECT_FORMAT_INVALID'],
    ['photo:-1', 'OBJECT_FORMAT_INVALID'],
    ['photo:1:9', 'OBJECT_FORMAT_INVALID'],
    ['photo:2 1', 'OBJECT_FORMAT_INVALID'],
    [`photo:${'9'.repeat(95)}`, 'OBJECT_NAME_TOO_LONG'],
    ['x'.repeat(101), 'OBJECT_NAME_TOO_LONG'],
    ['x'.repeat(100), 'OBJECT_FORMAT_INVALID'],
    [`photo:${'9'.repeat(94)}`, 'OBJECT_NOT_FOUND'],
    ['photo:0', 'OBJECT_NOT_FOUND'],
    ['video:1', 'OBJECT_NOT_FOUND'],
    ['post:9007199254740992', 'OBJECT_NOT_FOUND'],
    ['post:99999999999999999999999999', 'OBJECT_NOT_FOUND'],
  ])('is not %j', (name, code) => {
    expect(() => read(name)).toThrow(expect.objectContaining({ code }));
  });
});
