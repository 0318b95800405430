import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { decodeEvent, type EventMessage, eventSchemas, goldenMessages } from '../events';
import { describeTopics } from './describe-topics';

const described = JSON.parse(JSON.stringify(describeTopics()));
const specification = JSON.parse(
  readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8'),
);

const newAjv = () => addFormats(new Ajv({ strict: false }));
const conforms = newAjv().compile(specification);
const ajv = newAjv().addSchema(described, 'document');

function isValid({ headers, value }: EventMessage, type = headers.ce_type): boolean {
  const message = `document#/components/messages/${type}`;
  return (
    ajv.validate({ $ref: `${message}/headers` }, headers) &&
    ajv.validate({ $ref: `${message}/payload` }, JSON.parse(value))
  );
}

/** Whether a field of a golden example may be missing in events of its type. */
const isOptional = (field: string, type: string | undefined) =>
  ['mentions', 'notify'].includes(field) ||
  (field === 'by' && type?.startsWith('activity.') === true) ||
  (field === 'cause' && ['social-graph.user-followed.v1', 'social-graph.user-unfollowed.v1'].includes(type ?? '')) ||
  (type === 'activity.object-deleted.v1' && field === 'created_at');

/** Changes to the headers after which a message must not be accepted as an event. */
const broken: [string, Record<string, string | undefined>][] = [
  ['no id', { ce_id: undefined }],
  ['a bad id', { ce_id: '17' }],
  ['an unknown type', { ce_type: 'activity.object-posted.v2' }],
  ['a time without microseconds', { ce_time: '2019-02-10T12:01:30.894Z' }],
  ['an invalid day', { ce_time: '2019-02-30T12:01:30.894037+00:00' }],
  ['a subject that is not a number', { ce_subject: 'ivan' }],
  ['version 0', { ce_streamversion: '0' }],
  ['generation 0', { ce_generation: '0' }],
];

/** What a comment hangs on; in no event about another object. */
const OF_COMMENTS = ['root', 'root_owner'];

describe('the AsyncAPI document', () => {
  it('matches docs/asyncapi.yaml', () => {
    const file = join(__dirname, '../../../../docs/asyncapi.yaml');
    expect(parse(readFileSync(file, 'utf8'))).toEqual(described);
  });

  it('conforms to the schema of AsyncAPI 3.0.0, which detects a fault', () => {
    expect(conforms(described) || conforms.errors).toBe(true);
    const channel = described.channels['activity.events.v1'];
    const faulty = { ...channel, bindings: { kafka: { ...channel.bindings.kafka, partitions: 'six' } } };
    expect(conforms({ ...described, channels: { faulty } })).toBe(false);
  });

  it('describes every event type in one channel', () => {
    const messages = Object.values<{ messages: object }>(described.channels).flatMap(({ messages }) =>
      Object.keys(messages),
    );
    expect(messages.sort()).toEqual([...Object.keys(eventSchemas), 'dead-letter'].sort());
  });

  describe.each(goldenMessages.map((message) => [message.headers.ce_type as string, message] as const))(
    'of %s',
    (type, golden) => {
      it('shows the golden example, which is valid', () => {
        const { headers, value } = golden;
        expect(described.components.messages[type].examples).toContainEqual({ headers, payload: JSON.parse(value) });
        expect(isValid(golden)).toBe(true);
      });

      it('names every header that is written', () => {
        const { required, properties } = described.components.schemas.EventHeaders;
        expect(Object.keys(golden.headers).sort()).toEqual(Object.keys(properties).sort());
        const { traceparent: _, ce_generation: __, ...written } = golden.headers;
        expect(Object.keys(written).sort()).toEqual([...required].sort());
        expect(isValid({ ...golden, headers: written })).toBe(true);
      });

      it('accepts added fields, as readers do', () => {
        const value = JSON.stringify({ ...JSON.parse(golden.value), mood: 'sunny' });
        expect(isValid({ ...golden, value })).toBe(true);
        expect(decodeEvent(golden.headers, value).kind).toBe('event');
      });

      it.each(broken)('refuses %s, as readers do', (_case, change) => {
        const headers = JSON.parse(JSON.stringify({ ...golden.headers, ...change }));
        expect(isValid({ ...golden, headers }, type)).toBe(false);
        expect(decodeEvent(headers, golden.value).kind).not.toBe('event');
      });

      it('refuses data that lacks any of its required fields, as readers do; only comments have some of them', () => {
        const data = JSON.parse(golden.value);
        const fields = Object.keys(data).filter((field) => !OF_COMMENTS.includes(field) || !data.root_owner);
        for (const field of fields) {
          const value = JSON.stringify({ ...data, [field]: undefined });
          const optional = isOptional(field, type);
          expect(isValid({ ...golden, value })).toBe(optional);
          expect(decodeEvent(golden.headers, value).kind).toBe(optional ? 'event' : 'malformed');
        }
      });
    },
  );
});
