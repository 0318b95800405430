import { type AccountChange, KEYS_CHANGED, LIMITS_CHANGED, type UserId } from '@activity-feed/contracts';

/** What else is to be known of a write. */
export interface WrittenBy {
  /** Its user, if the stream is another user's. */
  writer?: UserId | undefined;
  /** Set if it changes who can see the account of the stream. */
  changesAccount?: AccountChange | undefined;
  /** Set if nothing was written: keys of the user of the stream were revoked. */
  changesKeys?: boolean;
  /** Set if nothing was written: rate limits of the user of the stream were set. */
  changesLimits?: boolean;
}

/** Precedes the id of the user who wrote to another user's stream. */
const WRITER = 'by:';
/** The write changes who can see the account of the stream. */
const CHANGES: Record<AccountChange, string> = { privacy: 'account', suspension: 'suspension' };

/** The same as words of an announcement, which earlier versions ignore. */
export const marksOf = ({ writer, changesAccount, changesKeys, changesLimits }: WrittenBy): string[] => [
  ...(writer === undefined ? [] : [`${WRITER}${writer}`]),
  ...(changesAccount ? [CHANGES[changesAccount]] : []),
  ...(changesKeys ? [KEYS_CHANGED] : []),
  ...(changesLimits ? [LIMITS_CHANGED] : []),
];

export function readMarks(marks: readonly string[]): WrittenBy {
  const by = marks.find((text) => text.startsWith(WRITER));
  return {
    writer: by === undefined ? undefined : (Number(by.slice(WRITER.length)) as UserId),
    changesAccount: (Object.keys(CHANGES) as AccountChange[]).find((change) => marks.includes(CHANGES[change])),
    changesKeys: marks.includes(KEYS_CHANGED),
    changesLimits: marks.includes(LIMITS_CHANGED),
  };
}
