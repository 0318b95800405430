/** How gateways learn of a write: a message in Redis. */
export interface WriteAnnouncement {
  /** Receivers confirm the message on the sender's own channel; a service that does not wait for them has none. */
  sender: string;
  /** Of the message, counted by the sender. */
  number: number;
  /** The consistency token of the write. */
  token: string;
  /** Further words. Receivers ignore those that they do not know. */
  marks: readonly string[];
}

/** The mark of an announcement without a write: keys of the stream's user were revoked. */
export const KEYS_CHANGED = 'keys';
/** Likewise: the rate limits of the stream's user were set. */
export const LIMITS_CHANGED = 'limits';

/** The channel of announcements. The key prefix of a Redis client does not apply to channels. */
export const announcementChannel = (prefix: string): string => `${prefix}written`;

export const encodeAnnouncement = ({ sender, number, token, marks }: WriteAnnouncement): string =>
  [sender, number, token, ...marks].join(' ');

export function decodeAnnouncement(text: string): WriteAnnouncement {
  const [sender = '', number, token = '', ...marks] = text.split(' ');
  return { sender, number: Number(number), token, marks };
}
