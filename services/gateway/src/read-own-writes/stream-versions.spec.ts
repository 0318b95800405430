import type { StreamPosition, UserId } from '@activity-feed/contracts';
import type { Services } from '../services/services';
import { StreamVersions } from './stream-versions';

const version = (number: number, stream = 1): StreamPosition => ({
  source: 'activity',
  stream: stream as UserId,
  version: number,
});

describe('the newest versions of streams', () => {
  /** Answers to the questions, in their order. */
  let answers: PromiseWithResolvers<number>[];
  let versions: StreamVersions;
  beforeEach(() => {
    answers = [];
    const ask = () => {
      const answer = Promise.withResolvers<number>();
      answers.push(answer);
      return answer.promise;
    };
    versions = new StreamVersions({ ask } as unknown as Services);
  });

  it('are not asked for where a version was received', async () => {
    versions.note(version(5));
    versions.note(version(3));
    expect(await versions.exists(version(5))).toBe(true);
    expect(answers).toHaveLength(0);
  });

  it('tell which versions exist', async () => {
    const exist = [versions.exists(version(7))];
    answers[0]?.resolve(6);
    expect(await Promise.all(exist)).toEqual([false]);
    expect(await versions.exists(version(6))).toBe(true);
    expect(answers).toHaveLength(1);
  });

  it('are asked for once more for all who come while a question is under way, which may be older than their version', async () => {
    const first = versions.exists(version(6));
    const others = Array.from({ length: 2_000 }, () => versions.exists(version(6)));
    answers[0]?.resolve(5);
    expect(await first).toBe(false);
    answers[1]?.resolve(6);
    expect(new Set(await Promise.all(others))).toEqual(new Set([true]));
    expect(answers).toHaveLength(2);
  });

  it('are unknown while the service does not answer, and asked again after that', async () => {
    const exists = versions.exists(version(1));
    answers[0]?.reject(new Error('no answer'));
    expect(await exists).toBeUndefined();
    const again = versions.exists(version(1));
    answers[1]?.resolve(1);
    expect(await again).toBe(true);
  });

  it('are unknown while too many are asked for', async () => {
    for (let stream = 1; stream <= 128; stream++) void versions.exists(version(1, stream));
    expect(await versions.exists(version(1, 129))).toBeUndefined();
    for (const answer of answers) answer.resolve(0);
    await new Promise((resolve) => setImmediate(resolve));
    const exists = versions.exists(version(1, 129));
    answers.at(-1)?.resolve(1);
    expect(await exists).toBe(true);
  });
});
