/** The services that record events. */
export const WRITE_SERVICES = ['social-graph', 'activity'] as const;
export type WriteService = (typeof WRITE_SERVICES)[number];

/** The sources of what happens, whose topics keep everything. */
export const EVENT_SOURCES = [...WRITE_SERVICES, 'social-graph-private'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

/**
 * What events come from: each source has a topic, and counts the versions of a user's stream on its own. An event of
 * `activity-marks` is the whole state of its stream: only the last one counts.
 */
export const SOURCES = [...EVENT_SOURCES, 'activity-marks'] as const;
export type Source = (typeof SOURCES)[number];

/** Whether an event of the source replaces all earlier ones of its stream. */
export const isState = (source: Source): boolean => source === 'activity-marks';

/** Whether only the user of a stream may know of its events. */
export const isPrivate = (source: Source): boolean => source === 'social-graph-private' || source === 'activity-marks';

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
  'activity-marks': { service: 'activity', topic: 'activity.marks.v1', uri: '/activity/marks' },
};

export const TOPICS = Object.fromEntries(SOURCES.map((source) => [source, SOURCE[source].topic])) as Record<
  Source,
  string
>;

/** Topics that keep only the last message of each key. */
export const COMPACTED_TOPICS: readonly string[] = SOURCES.filter(isState).map((source) => TOPICS[source]);

export const sourcesOf = (service: WriteService): Source[] =>
  SOURCES.filter((source) => SOURCE[source].service === service);

/** Messages that the feed could not decode, with the reason in a header. */
export const DEAD_LETTER_TOPIC = 'feed.dead-letter.v1';

/**
 * Used when topics are created without an explicit number. All event topics must have the same number, so that an
 * actor's key maps to the same partition in each. Existing topics keep the number they have.
 */
export const DEFAULT_PARTITIONS = 6;
