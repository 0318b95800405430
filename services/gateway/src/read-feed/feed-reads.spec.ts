import { READ_WAIT_LIMIT, type UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Consistency, Requirement } from '../read-own-writes/consistency';
import type { FeedLink } from '../services/feed-link';
import { FeedReads } from './feed-reads';

const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => setTimeout(resolve, milliseconds, value));

describe('a feed read', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const requirement: Requirement = { atLeast: [], complete: true };
  const request = {
    id: '3ccbef78-e87b-4895-8efe-1c74dff0a9ba',
    headers: {},
    user: { id: 1 as UserId },
    key: 'key',
  } as unknown as FastifyRequest;

  /** The wait limits that were passed to the feed, one per call. */
  async function waitsOf(consistency: Partial<Consistency>, answers: { unverified: boolean }[], passed?: number) {
    const waits: (number | undefined)[] = [];
    const read = async (_: string, { waitLimit }: { waitLimit?: number }) => {
      waits.push(waitLimit);
      return { body: '', behind: false, ...answers[waits.length - 1] };
    };
    const reads = new FeedReads({ read } as unknown as FeedLink, consistency as Consistency);
    const begun = passed === undefined ? undefined : performance.now() - passed;
    const reply = { header: () => undefined } as unknown as FastifyReply;
    const reading = reads.read('page', {} as never, request, reply, begun);
    await jest.advanceTimersByTimeAsync(10_000);
    await reading;
    return waits;
  }

  it('sets no limit when the gateway did not wait', async () => {
    expect(await waitsOf({ forRead: () => requirement }, [{ unverified: false }])).toEqual([undefined]);
  });

  it('waits no longer than the read that it follows', async () => {
    const waits = await waitsOf({ forRead: () => requirement }, [{ unverified: false }], 700);
    expect(waits).toEqual([READ_WAIT_LIMIT - 700]);
  });

  it('subtracts its own waits from the limit of the feed', async () => {
    const consistency = { forRead: () => after(500, requirement), verify: () => after(700, requirement) };
    expect(await waitsOf(consistency, [{ unverified: true }, { unverified: false }])).toEqual([
      READ_WAIT_LIMIT - 500,
      READ_WAIT_LIMIT - 1_200,
    ]);
  });

  it('allows no wait when the gateway has used up the limit', async () => {
    const consistency = { forRead: () => after(READ_WAIT_LIMIT + 100, requirement) };
    expect(await waitsOf(consistency, [{ unverified: false }])).toEqual([0]);
  });

  /** What is noted about a request whose read takes the feed `ms`. */
  async function tookOf(consistency: Partial<Consistency>, ms: number, headers = {}, trace: unknown = request.id) {
    const read = jest.fn(() => after(ms, { body: '', behind: false, unverified: false }));
    const reads = new FeedReads({ read } as unknown as FeedLink, consistency as Consistency);
    const fresh = { ...request, headers, scope: null } as FastifyRequest;
    const reading = reads.read('page', {} as never, fresh, { header: () => undefined } as unknown as FastifyReply);
    await jest.advanceTimersByTimeAsync(10_000);
    await reading;
    expect(read).toHaveBeenCalledWith('page', expect.objectContaining({ trace }));
    return fresh.scope?.took;
  }

  it('notes nothing when the answer comes from memory', async () => {
    expect(await tookOf({ forRead: () => requirement }, 20)).toBeUndefined();
  });

  it('notes what a slow read has waited for', async () => {
    expect(await tookOf({ forRead: () => requirement }, 1_200)).toEqual({ 'feed.page': 1_200 });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const traced = await tookOf({ forRead: () => requirement }, 1_200, { traceparent }, traceparent);
    expect(traced).toEqual({ 'feed.page': 1_200 });
    expect(await tookOf({ forRead: () => requirement }, 20, { traceparent: 'broken' })).toBeUndefined();
  });

  it('notes what the gateway itself has waited for', async () => {
    const own = expect.stringContaining('3ccbef78e87b48958efe1c74dff0a9ba');
    const waits = await tookOf({ forRead: () => after(300, requirement) }, 20, {}, own);
    expect(waits).toEqual({ versions: 300, 'feed.page': 20 });
  });
});
