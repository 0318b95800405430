/**
 * What users are notified of, in the order of precedence: an event notifies a user at most once. `accept`: a request of
 * the user was accepted.
 */
export const NOTIFICATION_VERBS = [
  'reply',
  'mention',
  'comment',
  'like',
  'share',
  'follow',
  'request',
  'accept',
] as const;
export type NotificationVerb = (typeof NOTIFICATION_VERBS)[number];

/** Verbs about people alone, without an object. */
const ABOUT_PEOPLE: readonly NotificationVerb[] = ['follow', 'request', 'accept'];
export const isAboutPeople = (verb: NotificationVerb): boolean => ABOUT_PEOPLE.includes(verb);

/** Each comment or mention is a notification of its own. Who likes, shares or follows again on the same day is none. */
const REPEATED: readonly NotificationVerb[] = ['reply', 'mention', 'comment'];
export const countsEachTime = (verb: NotificationVerb): boolean => REPEATED.includes(verb);
