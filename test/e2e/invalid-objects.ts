import type { ErrorCode } from '@activity-feed/contracts';

/** What names no object in a path, and how it is answered. */
export const INVALID_OBJECTS: [object: string, status: number, code: ErrorCode][] = [
  ['post', 400, 'OBJECT_FORMAT_INVALID'],
  ['post:1:9', 400, 'OBJECT_FORMAT_INVALID'],
  ['photo:-1', 400, 'OBJECT_FORMAT_INVALID'],
  ['photo:xxxx%20ads', 400, 'OBJECT_FORMAT_INVALID'],
  ['photo:99999', 404, 'OBJECT_NOT_FOUND'],
  ['photo:0', 404, 'OBJECT_NOT_FOUND'],
  ['video:1', 404, 'OBJECT_NOT_FOUND'],
  ['post:9007199254740991', 404, 'OBJECT_NOT_FOUND'],
  ['post:99999999999999999999999999', 404, 'OBJECT_NOT_FOUND'],
];
