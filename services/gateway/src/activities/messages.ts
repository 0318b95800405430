import type { ObjectVerb, UndoVerb, Written } from '@activity-feed/contracts';

const RECORDED = 'Activity recorded';

/** What the answer says, for each verb whose command may change nothing. */
const MESSAGES = {
  like: { recorded: RECORDED, unchanged: 'Already liked' },
  unlike: { recorded: 'Like removed', unchanged: 'Not liked' },
  unshare: { recorded: 'Share removed', unchanged: 'Not shared' },
} as const satisfies Record<'like' | UndoVerb, Record<Written['outcome'], string>>;

type Verbs = typeof MESSAGES;
export type Message = Verbs[keyof Verbs][Written['outcome']];

export const EVERY_MESSAGE = [...new Set(Object.values(MESSAGES).flatMap(Object.values<Message>))] as [
  Message,
  ...Message[],
];

/** A command of a verb that is not in the table is recorded each time. */
export const messageOf = (verb: ObjectVerb | UndoVerb, outcome: Written['outcome']): Message =>
  verb in MESSAGES ? MESSAGES[verb as keyof Verbs][outcome] : RECORDED;
