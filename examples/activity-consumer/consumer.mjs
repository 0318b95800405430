// Prints a line for every event. docs/asyncapi.yaml describes the events and their fields.
import { Kafka, logLevel } from 'kafkajs';

const { KAFKA_BROKERS = '127.0.0.1:59092', GROUP = 'activity-consumer', FROM = 'beginning' } = process.env;
const { KAFKA_SASL_MECHANISM = 'plain', KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = process.env;
const sasl = username && { mechanism: KAFKA_SASL_MECHANISM.toLowerCase(), username, password };

const what = ({ type, id }) => `${type}:${id}`;
/** A user, or `admin`. */
const who = (by) => by.name ?? by;
const lines = {
  'activity.object-posted.v1': ({ actor, object }) => `${actor.name} posted ${what(object)}`,
  'activity.comment-posted.v1': ({ actor, root, target, reply_to: comment }) =>
    `${actor.name} ${comment ? `replied to ${comment.owner.name} on` : 'commented on'} ${what(root)} of ${target.name}`,
  'activity.object-liked.v1': ({ actor, object, target }) => `${actor.name} liked ${what(object)} of ${target.name}`,
  'activity.object-shared.v1': ({ actor, object, target }) => `${actor.name} shared ${what(object)} of ${target.name}`,
  'activity.object-unliked.v1': ({ actor, object }) => `${actor.name} no longer likes ${what(object)}`,
  'activity.object-unshared.v1': ({ actor, object }) => `${actor.name} no longer shares ${what(object)}`,
  'activity.object-edited.v1': ({ actor, object, removed }) =>
    removed ? `${actor.name} removed version ${removed} of ${what(object)}` : `${actor.name} edited ${what(object)}`,
  'activity.object-deleted.v1': ({ actor, object, by }) => `${who(by ?? actor)} deleted ${what(object)}`,
  'activity.object-restored.v1': ({ actor, object, by }) => `${who(by ?? actor)} restored ${what(object)}`,
  'social-graph.user-registered.v1': ({ actor }) => `${actor.name} registered`,
  'social-graph.user-followed.v1': ({ actor, target }) => `${actor.name} followed ${target.name}`,
  'social-graph.user-unfollowed.v1': ({ actor, target, cause }) =>
    cause ? `${actor.name} no longer follows ${target.name}` : `${actor.name} unfollowed ${target.name}`,
};

const kafka = new Kafka({ clientId: GROUP, brokers: KAFKA_BROKERS.split(','), sasl, logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: GROUP });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect());

await consumer.connect();
await consumer.subscribe({
  topics: ['social-graph.events.v1', 'activity.events.v1'],
  fromBeginning: FROM === 'beginning',
});
await consumer.run({
  eachMessage: async ({ message: { headers, value } }) => {
    // Skips unknown types: new types may be added to the topics.
    const line = lines[headers.ce_type?.toString()];
    if (line) console.log(`${headers.ce_time}  ${line(JSON.parse(value.toString()))}`);
  },
});
