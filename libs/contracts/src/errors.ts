/**
 * Every error an answer can carry: its code, and the text that people see. The codes are part of the API; only the
 * gateway knows which HTTP status each one becomes.
 */
export const ERRORS = {
  KEY_MISSING: 'Key is missing',
  KEY_INVALID: 'Key is not valid',
  JSON_REQUIRED: 'Must be json request',
  CHARSET_UNSUPPORTED: 'Charset must be utf-8',
  ENCODING_UNSUPPORTED: 'Compressed bodies are not supported',
  BAD_REQUEST: 'Bad Request',
  TYPE_INVALID: 'Type is missing or not valid',
  CONTENT_MISSING: 'Content is missing',
  CONTENT_TOO_LONG: 'Content is too long',
  CONTENT_INVALID: 'Content is not valid',
  VERB_INVALID: 'Verb is missing or wrong verb format',
  OBJECT_FORMAT_INVALID: 'Wrong object format',
  OBJECT_NOT_FOUND: 'Object is not found',
  USER_MISSING: 'User is missing',
  USER_NOT_FOUND: 'User not found',
  CANNOT_FOLLOW_SELF: "You can't follow yourself",
  CANNOT_UNFOLLOW_SELF: "You can't unfollow yourself",
  LIMIT_INVALID: 'Limit is not valid',
  CURSOR_INVALID: 'Cursor is not valid',
  GROUP_INVALID: 'Group is not valid',
  DAYS_INVALID: 'Days is not valid',
  WINDOW_INVALID: 'Window is not valid',
  AMONG_INVALID: 'Among is not valid',
  CONSISTENCY_TOKEN_INVALID: 'Consistency token is not valid',
  NAME_INVALID: 'Name is missing or not valid',
  NAME_TAKEN: 'Name is taken',
  NOT_FOUND: 'Not found',
  METHOD_NOT_ALLOWED: 'Method not allowed',
  REQUEST_TOO_LARGE: 'Request is too large',
  URL_TOO_LONG: 'URL is too long',
  HEAD_TOO_LARGE: 'Request head is too large',
  REQUEST_TIMEOUT: 'Request did not arrive in time',
  EXPECTATION_FAILED: 'Expectation is not supported',
  CONNECTION_BUSY: 'Too many requests at once on this connection',
  SERVICE_UNAVAILABLE: 'Service is not available',
  INTERNAL: 'Something wrong on our side, sorry',
} as const;

export type ErrorCode = keyof typeof ERRORS;
