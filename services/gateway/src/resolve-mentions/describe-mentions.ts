import { MENTIONS_MAX } from '@activity-feed/contracts';

/** For the routes that take a content. */
export const MENTIONS_DESCRIPTION =
  '`@name` in the content mentions a user, in upper or lower case. It is not a mention within a word, an e-mail address, a ' +
  'URL or code between backticks, and a dot or hyphen at the end is not part of the name. Names are looked up now: names ' +
  `of nobody stay text. At most ${MENTIONS_MAX} names are looked up, and as many mentions recorded.`;
