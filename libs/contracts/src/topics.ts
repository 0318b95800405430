/** The write services; each is a source of events. */
export const SOURCES = ['social-graph', 'activity'] as const;
export type Source = (typeof SOURCES)[number];

/** One topic for each source. The message key is the actor's id, so that each actor's events keep their order. */
export const TOPICS: Record<Source, string> = {
  'social-graph': 'social-graph.events.v1',
  activity: 'activity.events.v1',
};

/** Messages that the feed could not decode, with the reason in a header. */
export const DEAD_LETTER_TOPIC = 'feed.dead-letter.v1';

/**
 * Used when topics are created without an explicit number. Both event topics must have the same number, so that an
 * actor's key maps to the same partition in each. Existing topics keep the number they have.
 */
export const DEFAULT_PARTITIONS = 6;
