import { type EventType, eventSchemas, goldenMessages, sourceOf } from '../events';
import { COMPACTED_TOPICS, DEAD_LETTER_TOPIC, DEFAULT_PARTITIONS, SOURCES, type Source, TOPICS } from '../topics';
import { type JsonSchema, refTo, sharedSchemas, toJsonSchema } from './json-schemas';
import { DeadLetterHeaders, EventHeaders, headersOf } from './message-headers';

const BINDING_VERSION = '0.5.0';
const DEAD_LETTER = 'dead-letter';
const TYPES = Object.keys(eventSchemas) as EventType[];

const DESCRIPTION = `\
Events that the activity feed publishes to other systems. Every event is a CloudEvent 1.0 in the binary mode of its \
Kafka binding: attributes are headers, the value is the event's data as JSON.

- The key is the actor's id, so that one actor's events keep their order within a topic.
- An event may be delivered more than once. \`ce_source\`, \`ce_subject\` and \`ce_streamversion\` identify a repeat.
- Fields may be added to a type. Any other change is a new type, with a higher number at its end.
- The topics retain all events, apart from those that say otherwise: a new consumer can start at the first one.
- If a system sets KAFKA_PREFIX, every topic's name starts with it.
`;

/** Generates the AsyncAPI 3 document of all topics from the contracts. */
export function describeTopics() {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Activity Feed System: events', version: '1', description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:59092', protocol: 'kafka', description: 'The broker that `npm start` starts' },
    },
    channels: {
      ...Object.fromEntries(SOURCES.map((source) => [TOPICS[source], channelOf(source)])),
      [DEAD_LETTER_TOPIC]: channel(DEAD_LETTER_TOPIC, 'Messages that the feed could not read', [DEAD_LETTER]),
    },
    operations: {
      ...Object.fromEntries(
        SOURCES.map((source) => [`tell-${source}`, send(TOPICS[source], 'Publishes recorded events')]),
      ),
      'put-aside': send(DEAD_LETTER_TOPIC, 'Dead-letters a message and continues with the next'),
    },
    components: {
      messages: {
        ...Object.fromEntries(TYPES.map((type) => [type, describeEvent(type)])),
        [DEAD_LETTER]: describeDeadLetter(),
      },
      schemas: { EventHeaders: toJsonSchema(EventHeaders), ...sharedSchemas() },
    },
  };
}

const CHANNELS: Record<Source, string> = {
  'social-graph': 'All events of the service social-graph that everybody may know',
  activity: 'All events of the service activity',
  'social-graph-private': 'Blocks, mutes and follow requests, for consumers that need them',
  'activity-marks': 'What users have seen and read of their notifications. Only the last message of each user is kept',
};

function channelOf(source: Source) {
  const types = TYPES.filter((type) => sourceOf(type) === source);
  return channel(TOPICS[source], CHANNELS[source], types);
}

function channel(topic: string, description: string, messages: string[]) {
  return {
    address: topic,
    description,
    messages: Object.fromEntries(messages.map((name) => [name, refTo('messages', name)])),
    bindings: {
      kafka: {
        topic,
        partitions: DEFAULT_PARTITIONS,
        topicConfiguration: {
          ...(COMPACTED_TOPICS.includes(topic) && { 'cleanup.policy': ['compact'] }),
          'retention.ms': -1,
          'retention.bytes': -1,
        },
        bindingVersion: BINDING_VERSION,
      },
    },
  };
}

const send = (topic: string, summary: string) => ({
  action: 'send',
  channel: { $ref: `#/channels/${topic}` },
  summary,
});

function describeEvent(type: EventType) {
  return {
    name: type,
    headers: { allOf: [refTo('schemas', 'EventHeaders'), toJsonSchema(headersOf(type))] },
    payload: toJsonSchema(eventSchemas[type]),
    bindings: { kafka: keyBinding({ type: 'string', pattern: '^[1-9]\\d{0,9}$', description: "The actor's id" }) },
    examples: goldenMessages
      .filter(({ headers }) => headers.ce_type === type)
      .map(({ headers, value }) => ({ headers, payload: JSON.parse(value) as unknown })),
  };
}

function describeDeadLetter() {
  return {
    name: DEAD_LETTER,
    summary: 'The message as received, with its position and the reason in additional headers',
    headers: toJsonSchema(DeadLetterHeaders),
    payload: { description: 'The value as received; it may be empty or not JSON' },
    bindings: { kafka: keyBinding({ type: ['string', 'null'], description: 'As received' }) },
  };
}

const keyBinding = (key: JsonSchema) => ({ key, bindingVersion: BINDING_VERSION });
