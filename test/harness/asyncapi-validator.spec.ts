import { goldenMessages, isEventType, sourceOf, TOPICS } from '@activity-feed/contracts';
import { loadValidator } from './asyncapi-validator';

const validate = loadValidator();
const topicOf = (type = '') => (isEventType(type) ? TOPICS[sourceOf(type)] : '');
const [registered] = goldenMessages;

describe('the AsyncAPI validator', () => {
  it.each(goldenMessages.map((message) => [message.headers.ce_type, message] as const))(
    'accepts %s',
    (type, { headers, value }) => {
      expect(validate(topicOf(type), headers, JSON.parse(value))).toEqual([]);
    },
  );

  it('lists every violation', () => {
    const headers = { ...registered!.headers, ce_id: '17', ce_source: '/activity' };
    const violations = validate('social-graph.events.v1', headers, { actor: { id: 0, name: 'ivan' } });
    expect(violations).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^headers\/ce_id /),
        expect.stringMatching(/^headers\/ce_source /),
        'value/actor/id must be >= 1',
      ]),
    );
  });

  it('rejects a type that belongs to another topic', () => {
    const { headers, value } = registered!;
    expect(validate('activity.events.v1', headers, JSON.parse(value))).toEqual([
      'activity.events.v1 has no message of type social-graph.user-registered.v1',
    ]);
  });

  it('rejects an unknown topic and a message without a type', () => {
    expect(validate('mail.events.v1', registered!.headers, {})).toHaveLength(1);
    expect(validate('activity.events.v1', {}, {})).toHaveLength(1);
  });

  it('requires topic, partition, offset and reason of a dead letter', () => {
    const place = {
      'dead-letter-topic': 'activity.events.v1',
      'dead-letter-partition': '3',
      'dead-letter-offset': '12',
    };
    expect(
      validate('feed.dead-letter.v1', { ...place, 'dead-letter-reason': 'value is not JSON' }, '{"actor":'),
    ).toEqual([]);
    expect(validate('feed.dead-letter.v1', place, null)).toEqual([
      "headers must have required property 'dead-letter-reason'",
    ]);
  });
});
