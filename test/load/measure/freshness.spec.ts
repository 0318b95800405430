import type { GatewayAnswer, GatewayRequest } from '../traffic/gateway.ts';
import { measureFreshness } from './freshness.ts';

const probe = { author: { name: 'a', key: 'a' }, follower: { name: 'f', key: 'f' } };
const unavailable = { status: 503, body: '{"code":"SERVICE_UNAVAILABLE"}' };
const never = new AbortController().signal;

/** A gateway whose friends feed shows a post after `reads` reads. */
function laggingGateway(reads: number) {
  const requests: GatewayRequest[] = [];
  let posts = 0;
  let left = 0;
  const send = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    requests.push(request);
    if (request.method === 'POST') {
      left = reads;
      return { status: 200, body: JSON.stringify({ object_id: ++posts }) };
    }
    const shown = left-- > 0 ? posts - 1 : posts;
    return { status: 200, body: JSON.stringify({ friends_feed: shown > 0 ? [{ object_id: shown }] : [] }) };
  };
  return { requests, send };
}

describe('measureFreshness', () => {
  it("polls until each post is on the follower's page", async () => {
    const gateway = laggingGateway(3);
    expect(await measureFreshness(gateway, [probe], 200, never)).toMatchObject({ count: 1, unseen: 0, failed: 0 });
    expect(gateway.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET', 'GET']);
  });

  it('samples at a steady rate', async () => {
    const { samples } = await measureFreshness(laggingGateway(0), [probe], 600, never);
    expect(samples.map(({ at }) => at)).toEqual([0, 200, 400]);
  });

  it('sends no consistency token, which would make the read wait', async () => {
    const gateway = laggingGateway(1);
    await measureFreshness(gateway, [probe], 200, never);
    for (const { headers } of gateway.requests) expect(Object.keys(headers)).not.toContain('consistency-token');
  });

  it('accepts a newer post of the same author, since posts appear in order', async () => {
    const send = async ({ method }: GatewayRequest) => ({
      status: 200,
      body: JSON.stringify(method === 'POST' ? { object_id: 4 } : { friends_feed: [{ object_id: 5 }] }),
    });
    expect((await measureFreshness({ send }, [probe], 200, never)).samples).toMatchObject([{ seen: true }]);
  });

  it('continues to poll if a read fails', async () => {
    const gateway = laggingGateway(0);
    let reads = 0;
    const send = async (request: GatewayRequest) =>
      request.method === 'GET' && ++reads < 3 ? unavailable : gateway.send(request);
    expect(await measureFreshness({ send }, [probe], 200, never)).toMatchObject({ count: 1, failed: 0 });
    expect(reads).toBe(3);
  });

  it('counts a probe whose write failed separately', async () => {
    const send = async () => unavailable;
    expect(await measureFreshness({ send }, [probe], 200, never)).toMatchObject({ count: 0, failed: 1 });
  });
});
