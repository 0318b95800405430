interface ErrorDefinition {
  /** For people; clients use the code. */
  text: string;
  /** The HTTP status. */
  status: number;
  /** The HTTP status if the invalid value is in the path, where it differs. */
  statusInPath?: number;
}

/** Every error of the API. Codes and texts are public; services behind the gateway use only the codes. */
export const ERRORS = {
  KEY_MISSING: { text: 'Key is missing', status: 400 },
  KEY_INVALID: { text: 'Key is not valid', status: 401 },
  KEY_NOT_FOUND: { text: 'Key is not found', status: 404 },
  KEY_IS_LAST: { text: "Your last key can't be revoked", status: 409 },
  KEYS_TOO_MANY: { text: "A user can't have more keys", status: 409 },
  IDEMPOTENCY_KEY_INVALID: { text: 'Idempotency key must be 1 to 255 printable characters', status: 400 },
  IDEMPOTENCY_KEY_REUSED: { text: 'Idempotency key was used for another request', status: 422 },
  IDEMPOTENCY_KEY_IN_USE: { text: 'Request with this idempotency key is in progress', status: 409 },
  TICKET_INVALID: { text: 'Ticket is not valid or was used', status: 401 },
  JSON_REQUIRED: { text: 'Must be json request', status: 400 },
  CHARSET_UNSUPPORTED: { text: 'Charset must be utf-8', status: 415 },
  ENCODING_UNSUPPORTED: { text: 'Compressed bodies are not supported', status: 415 },
  BAD_REQUEST: { text: 'Bad Request', status: 400 },
  TYPE_INVALID: { text: 'Type is missing or not valid', status: 400 },
  CONTENT_MISSING: { text: 'Content is missing', status: 400 },
  CONTENT_TOO_LONG: { text: 'Content is too long', status: 400 },
  CONTENT_INVALID: { text: 'Content is not valid', status: 400 },
  VERB_INVALID: { text: 'Verb is missing or wrong verb format', status: 400 },
  OBJECT_FORMAT_INVALID: { text: 'Wrong object format', status: 400 },
  OBJECT_NAME_TOO_LONG: { text: 'Object name is too long', status: 400 },
  OBJECT_NOT_FOUND: { text: 'Object is not found', status: 400, statusInPath: 404 },
  REPLY_INVALID: { text: 'Reply must be to a comment on the same object', status: 400 },
  OBJECT_NAMES_INVALID: { text: 'Names must be 1 to 200 object names', status: 400 },
  NOT_OWNER: { text: 'Only the owner can do this', status: 403 },
  NOT_DELETER: { text: 'Only who deleted this can restore it', status: 403 },
  OBJECT_GONE: { text: 'Object can no longer be restored', status: 410 },
  VERSION_INVALID: { text: 'Version is not valid', status: 400 },
  VERSION_NOT_FOUND: { text: 'Version is not found', status: 404 },
  VERSION_CURRENT: { text: "The current version can't be removed", status: 409 },
  USER_SUSPENDED: { text: 'User is suspended', status: 403 },
  USER_MISSING: { text: 'User is missing', status: 400 },
  USER_NOT_FOUND: { text: 'User not found', status: 400, statusInPath: 404 },
  PREFIX_INVALID: { text: 'Prefix is missing or not valid', status: 400 },
  CANNOT_FOLLOW_SELF: { text: "You can't follow yourself", status: 400 },
  FOLLOW_LIMIT_REACHED: { text: "You can't follow more users", status: 409 },
  CANNOT_UNFOLLOW_SELF: { text: "You can't unfollow yourself", status: 400 },
  CANNOT_BLOCK_SELF: { text: "You can't block yourself", status: 400 },
  CANNOT_MUTE_SELF: { text: "You can't mute yourself", status: 400 },
  ONLY_INVALID: { text: 'Only must be shares', status: 400 },
  UNTIL_INVALID: { text: 'Until must be a time in the future', status: 400 },
  EXPIRES_AT_INVALID: { text: 'Expires_at must be a time in the future', status: 400 },
  BLOCK_LIMIT_REACHED: { text: "You can't block or mute more users", status: 409 },
  PRIVATE_INVALID: { text: 'Private must be true or false', status: 400 },
  TOO_SOON: { text: "You can't change this more than 6 times in 24 hours", status: 429 },
  LIMIT_INVALID: { text: 'Limit is not valid', status: 400 },
  ORDER_INVALID: { text: 'Order is not valid', status: 400 },
  CURSOR_INVALID: { text: 'Cursor is not valid', status: 400 },
  POSITION_INVALID: { text: 'Position is not valid', status: 400 },
  POSITION_GONE: { text: 'Position is too old; load the newest page', status: 410 },
  RATE_LIMITED: { text: 'Too many requests', status: 429 },
  RATE_LIMIT_INVALID: { text: 'Limits must be whole numbers from 0 to 1000000', status: 400 },
  STREAMS_TOO_MANY: { text: 'You have too many streams open', status: 429 },
  FEED_INVALID: { text: 'Feed must be friends, my or notifications', status: 400 },
  NOTIFICATION_NOT_FOUND: { text: 'Notification is not found', status: 404 },
  NOTIFICATIONS_INVALID: { text: 'Name the notifications by until or by 1 to 200 ids', status: 400 },
  GROUP_INVALID: { text: 'Group is not valid', status: 400 },
  EXPAND_INVALID: { text: 'Expand must be objects', status: 400 },
  DAYS_INVALID: { text: 'Days is not valid', status: 400 },
  HOURS_INVALID: { text: 'Hours is not valid', status: 400 },
  WINDOW_INVALID: { text: 'Window is not valid', status: 400 },
  AMONG_INVALID: { text: 'Among is not valid', status: 400 },
  CONSISTENCY_TOKEN_INVALID: { text: 'Consistency token is not valid', status: 400 },
  CONSISTENCY_TOKENS_TOO_MANY: { text: 'Too many consistency tokens', status: 400 },
  NAME_INVALID: { text: 'Name is missing or not valid', status: 400 },
  NAME_TAKEN: { text: 'Name is taken', status: 409 },
  NOT_FOUND: { text: 'Not found', status: 404 },
  METHOD_NOT_ALLOWED: { text: 'Method not allowed', status: 405 },
  REQUEST_TOO_LARGE: { text: 'Request is too large', status: 413 },
  URL_TOO_LONG: { text: 'URL is too long', status: 414 },
  HEAD_TOO_LARGE: { text: 'Request head is too large', status: 431 },
  REQUEST_TIMEOUT: { text: 'Request did not arrive in time', status: 408 },
  EXPECTATION_FAILED: { text: 'Expectation is not supported', status: 417 },
  CONNECTION_BUSY: { text: 'Too many requests at once on this connection', status: 503 },
  SERVICE_UNAVAILABLE: { text: 'Service is not available', status: 503 },
  INTERNAL: { text: 'Something wrong on our side, sorry', status: 500 },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** The part of a request that contains the invalid value. */
export type Place = 'path' | 'body';

export function statusOf(code: ErrorCode, place: Place = 'body'): number {
  const { status, statusInPath = status }: ErrorDefinition = ERRORS[code];
  return place === 'path' ? statusInPath : status;
}
