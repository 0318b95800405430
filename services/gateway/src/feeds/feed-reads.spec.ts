import { READ_WAIT, type UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Consistency, Requirement } from '../read-own-writes/consistency';
import type { FeedLink } from '../services/feed-link';
import { FeedReads } from './feed-reads';

const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => setTimeout(resolve, milliseconds, value));

describe('a read', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const requirement: Requirement = { atLeast: [], complete: true };
  const request = { headers: {}, user: { id: 1 as UserId }, key: 'key' } as unknown as FastifyRequest;

  /** The waits that the feed was allowed, one for each time that it was asked. */
  async function waitsOf(consistency: Partial<Consistency>, answers: { unverified: boolean }[]) {
    const waits: (number | undefined)[] = [];
    const read = async (_: string, { waitLimit }: { waitLimit?: number }) => {
      waits.push(waitLimit);
      return { body: '', behind: false, ...answers[waits.length - 1] };
    };
    const reads = new FeedReads({ read } as unknown as FeedLink, consistency as Consistency);
    const reading = reads.read('page', {} as never, request, { header: () => undefined } as unknown as FastifyReply);
    await jest.advanceTimersByTimeAsync(10_000);
    await reading;
    return waits;
  }

  it('leaves the limit to the feed when nothing was waited for', async () => {
    expect(await waitsOf({ forRead: () => requirement }, [{ unverified: false }])).toEqual([undefined]);
  });

  it('takes what it waits for here from what the feed may wait', async () => {
    const consistency = { forRead: () => after(500, requirement), verify: () => after(700, requirement) };
    expect(await waitsOf(consistency, [{ unverified: true }, { unverified: false }])).toEqual([
      READ_WAIT - 500,
      READ_WAIT - 1_200,
    ]);
  });

  it('waits for nothing more when it has waited too long already', async () => {
    const consistency = { forRead: () => after(READ_WAIT + 100, requirement) };
    expect(await waitsOf(consistency, [{ unverified: false }])).toEqual([0]);
  });
});
