import type { FeedActors, UserId } from '@activity-feed/contracts';

/** The user whose activities a feed has; undefined if it has those of the reader's followees. */
export const singleActor = ({ feed, reader, of }: FeedActors): UserId | undefined => (feed === 'my' ? reader : of);
