/** The two write services, which are also the two sources of events. */
export const SOURCES = ['social-graph', 'activity'] as const;
export type Source = (typeof SOURCES)[number];

/** One topic for each source; the key of a message is the actor's id, so that one actor's events keep their order. */
export const TOPICS: Record<Source, string> = {
  'social-graph': 'social-graph.events.v1',
  activity: 'activity.events.v1',
};

/** Messages that the feed could not read, with the reason in a header. */
export const DEAD_LETTER_TOPIC = 'feed.dead-letter.v1';

/**
 * Of topics that are created without another number. Both topics of events have the same, so that an actor has the same
 * partition in each; the broker says how many.
 */
export const DEFAULT_PARTITIONS = 6;
