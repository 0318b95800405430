import type { StreamPosition, UserId } from '@activity-feed/contracts';
import type { Services } from '../services/services';
import { type Asker, StreamVersions } from './stream-versions';

const version = (number: number, stream = 1): StreamPosition => ({
  source: 'activity',
  stream: stream as UserId,
  version: number,
});

const asker = (caller: number, receivesAll = true): Asker => ({ caller: caller as UserId, receivesAll });
const IVAN = asker(1);

const answersArrive = () => new Promise((resolve) => setImmediate(resolve));

describe('the newest versions of streams', () => {
  /** Answers to the queries, in order. */
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

  it('are not queried for a known version', async () => {
    versions.note(version(5));
    versions.note(version(3));
    expect(await versions.exists(version(5), IVAN)).toBe(true);
    expect(answers).toHaveLength(0);
  });

  it('determine which versions exist', async () => {
    const exist = [versions.exists(version(7), IVAN)];
    answers[0]?.resolve(6);
    expect(await Promise.all(exist)).toEqual([false]);
    expect(await versions.exists(version(6), IVAN)).toBe(true);
    expect(answers).toHaveLength(1);
  });

  it('are queried once more for all callers that arrive during a query', async () => {
    const first = versions.exists(version(6), IVAN);
    const others = Array.from({ length: 2_000 }, () => versions.exists(version(6), IVAN));
    answers[0]?.resolve(5);
    expect(await first).toBe(false);
    answers[1]?.resolve(6);
    expect(new Set(await Promise.all(others))).toEqual(new Set([true]));
    expect(answers).toHaveLength(2);
  });

  it('are unknown while the service does not answer, and queried again afterwards', async () => {
    const exists = versions.exists(version(1), IVAN);
    answers[0]?.reject(new Error('no answer'));
    expect(await exists).toBeUndefined();
    const again = versions.exists(version(1), IVAN);
    answers[1]?.resolve(1);
    expect(await again).toBe(true);
  });

  it('are unknown while too many queries are in progress', async () => {
    for (let stream = 1; stream <= 128; stream++) void versions.exists(version(1, stream), asker(stream % 8));
    expect(await versions.exists(version(1, 129), asker(9))).toBeUndefined();
    for (const answer of answers) answer.resolve(0);
    await answersArrive();
    const exists = versions.exists(version(1, 129), asker(9));
    answers.at(-1)?.resolve(1);
    expect(await exists).toBe(true);
  });

  it('are unknown only to the caller that has too many queries in progress', async () => {
    for (let stream = 1; stream <= 32; stream++) void versions.exists(version(1, stream), IVAN);
    expect(await versions.exists(version(1, 33), IVAN)).toBeUndefined();
    expect(answers).toHaveLength(32);
    const others = versions.exists(version(1, 33), asker(2));
    answers.at(-1)?.resolve(1);
    expect(await others).toBe(true);
    answers[0]?.resolve(0);
    await answersArrive();
    const again = versions.exists(version(1, 34), IVAN);
    answers.at(-1)?.resolve(1);
    expect(await again).toBe(true);
  });

  describe('below a version that recently did not exist', () => {
    const refuse = async (number: number, newest: number) => {
      const exists = versions.exists(version(number), IVAN);
      answers.at(-1)?.resolve(newest);
      expect(await exists).toBe(false);
    };
    const askedFor = async (number: number, by: Asker) => {
      const before = answers.length;
      const exists = versions.exists(version(number), by);
      for (const answer of answers) answer.resolve(5);
      await exists;
      return answers.length > before;
    };

    it('are not queried again for it or for later versions of the stream', async () => {
      await refuse(9, 5);
      expect(await versions.exists(version(9), asker(2))).toBe(false);
      expect(await versions.exists(version(10), IVAN)).toBe(false);
      expect(answers).toHaveLength(1);
      await refuse(7, 5);
      expect(await versions.exists(version(8), IVAN)).toBe(false);
      expect(await versions.exists(version(9), IVAN)).toBe(false);
      expect(answers).toHaveLength(2);
    });

    it('are known when the version is received', async () => {
      await refuse(6, 5);
      versions.note(version(6));
      expect(await versions.exists(version(6), IVAN)).toBe(true);
    });

    it('are queried again after a second', async () => {
      jest.useFakeTimers();
      // The cache treats a time of 0 as unset.
      jest.advanceTimersByTime(1);
      try {
        await refuse(6, 5);
        jest.advanceTimersByTime(900);
        expect(await askedFor(6, IVAN)).toBe(false);
        jest.advanceTimersByTime(200);
        expect(await askedFor(6, IVAN)).toBe(true);
      } finally {
        jest.useRealTimers();
      }
    });

    it('are queried again when announcements may have been missed', async () => {
      await refuse(6, 5);
      expect(await askedFor(6, asker(1, false))).toBe(true);
      expect(await askedFor(6, IVAN)).toBe(false);
      const underWay = versions.exists(version(6, 2), IVAN);
      versions.forgetRefused();
      answers.at(-1)?.resolve(5);
      expect(await underWay).toBe(false);
      expect(await askedFor(6, IVAN)).toBe(true);
      const before = answers.length;
      void versions.exists(version(6, 2), IVAN);
      expect(answers).toHaveLength(before + 1);
    });
  });
});
