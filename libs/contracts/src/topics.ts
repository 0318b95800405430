/** The services that record events. */
export const WRITE_SERVICES = ['social-graph', 'activity'] as const;
export type WriteService = (typeof WRITE_SERVICES)[number];

/** What events come from: each source has a topic, and counts the versions of a user's stream on its own. */
export const SOURCES = [...WRITE_SERVICES, 'social-graph-private'] as const;
export type Source = (typeof SOURCES)[number];

interface SourceDefinition {
  readonly service: WriteService;
  /** The message key is the actor's id, so that each actor's events keep their order. */
  readonly topic: string;
  /** The attribute `source` of its events. */
  readonly uri: string;
}

export const SOURCE: Record<Source, SourceDefinition> = {
  'social-graph': { service: 'social-graph', topic: 'social-graph.events.v1', uri: '/social-graph' },
  activity: { service: 'activity', topic: 'activity.events.v1', uri: '/activity' },
  // What only some may know, such as blocks: access to topics is granted one by one.
  'social-graph-private': {
    service: 'social-graph',
    topic: 'social-graph.private.v1',
    uri: '/social-graph/private',
  },
};

export const TOPICS = Object.fromEntries(SOURCES.map((source) => [source, SOURCE[source].topic])) as Record<
  Source,
  string
>;

export const sourcesOf = (service: WriteService): Source[] =>
  SOURCES.filter((source) => SOURCE[source].service === service);

/** Messages that the feed could not decode, with the reason in a header. */
export const DEAD_LETTER_TOPIC = 'feed.dead-letter.v1';

/**
 * Used when topics are created without an explicit number. All event topics must have the same number, so that an
 * actor's key maps to the same partition in each. Existing topics keep the number they have.
 */
export const DEFAULT_PARTITIONS = 6;
