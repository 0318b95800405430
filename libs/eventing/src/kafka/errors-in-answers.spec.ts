import { type LogEntry, logLevel } from 'kafkajs';
import { errorInAnswer } from './errors-in-answers';

const entry = (namespace: string, message: string, error?: string): LogEntry => ({
  namespace,
  level: logLevel.ERROR,
  label: 'ERROR',
  log: { timestamp: '2026-11-24T18:00:13.619Z', message, ...(error !== undefined && { error }) },
});
const message = 'Response Produce(key: 0, version: 7)';

describe('an error that kafkajs logs', () => {
  it('is that of an answer, with the name in the protocol', () => {
    const error = 'This server is not the leader for that topic-partition';
    expect(errorInAnswer(entry('Connection', message, error))).toEqual({
      request: 'Produce',
      error: 'NOT_LEADER_FOR_PARTITION',
    });
  });

  it('has no name if the protocol does not know it', () => {
    const error = 'Unknown error code 120';
    expect(errorInAnswer(entry('Connection', message, error))).toEqual({ request: 'Produce', error: 'other' });
  });

  it.each([
    entry('Connection', 'Connection error: connect ECONNREFUSED', 'connect ECONNREFUSED'),
    entry('Connection', message),
    entry('Consumer', message, 'The coordinator is not available'),
  ])('is not that of an answer: %#', (other) => {
    expect(errorInAnswer(other)).toBeUndefined();
  });
});
