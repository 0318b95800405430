import type { FeedActors, PagedFeed, UserId } from '@activity-feed/contracts';
import type { Attention } from '../activity/hiding';

/** The user whose activities a feed has; undefined if it has those of the reader's followees. */
export const singleActor = ({ feed, reader, of }: FeedActors): UserId | undefined => (feed === 'my' ? reader : of);

/** Only the friends feed comes by itself. */
export const attentionOf = (feed: PagedFeed): Attention => (feed === 'friends' ? 'unasked' : 'asked');
