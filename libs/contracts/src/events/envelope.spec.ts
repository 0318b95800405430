import { decodeEvent, encodeEvent } from './envelope';
import { eventSchemas } from './event';
import { goldenMessages } from './golden';

const [, followed] = goldenMessages;

describe('the envelope of an event', () => {
  it('has a golden example for every event type', () => {
    expect([...new Set(goldenMessages.map(({ headers }) => headers.ce_type))].sort()).toEqual(
      Object.keys(eventSchemas).sort(),
    );
  });

  it.each(goldenMessages.map((message) => [message.headers.ce_type, message] as const))(
    'encodes a decoded message to the same bytes: %s',
    (_type, message) => {
      const decoded = decodeEvent(message.headers, message.value);
      expect(decoded.kind).toBe('event');
      expect(decoded.kind === 'event' && encodeEvent(decoded.event)).toEqual(message);
    },
  );

  it('ignores additional fields', () => {
    const value = JSON.stringify({ ...JSON.parse(followed!.value), mood: 'sunny' });
    expect(decodeEvent(followed!.headers, value).kind).toBe('event');
  });

  it('belongs to the first generation of the log if it was sent before there were generations', () => {
    const { ce_generation: _, ...headers } = followed!.headers;
    expect(decodeEvent(headers, followed!.value)).toMatchObject({ kind: 'event', generation: 1 });
    expect(decodeEvent({ ...headers, ce_generation: '12' }, followed!.value)).toMatchObject({ generation: 12 });
  });

  it('decodes a later version of a type as unknown', () => {
    const headers = { ...followed!.headers, ce_type: 'social-graph.user-followed.v2' };
    expect(decodeEvent(headers, '{}')).toEqual({ kind: 'unknown', type: 'social-graph.user-followed.v2' });
  });

  it.each([
    ['no type', { ce_type: undefined }, undefined],
    ['a bad id', { ce_id: '17' }, undefined],
    ['a day that does not exist', { ce_time: '2019-02-30T12:00:00.000000+00:00' }, undefined],
    ['version 0', { ce_streamversion: '0' }, undefined],
    ['generation 0', { ce_generation: '0' }, undefined],
    ['a generation that is not a number', { ce_generation: 'first' }, undefined],
    ['a subject that is not the actor', { ce_subject: '2' }, undefined],
    ['half a value', {}, '{"actor":'],
    ['no value', {}, null],
    ['a value without its target', {}, '{"actor":{"id":3,"name":"eric"}}'],
  ])('decodes %s as malformed, with a reason', (_case, headers, value) => {
    const decoded = decodeEvent({ ...followed!.headers, ...headers }, value === undefined ? followed!.value : value);
    expect(decoded).toEqual({ kind: 'malformed', reason: expect.stringMatching(/ce_|value/) });
  });
});
