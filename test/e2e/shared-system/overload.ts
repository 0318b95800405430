import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAnswer, ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { ServiceProcess } from '../../harness/service-process';
import type { System } from '../../harness/system';

const UNAVAILABLE = { error: true, code: 'SERVICE_UNAVAILABLE', message: 'Service is not available' };

const CROWD = 1_000;
/** Connections that the kernel queues for one port. */
const MOST_WAITING = process.platform === 'linux' ? Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')) : 0;
const NEEDS = MOST_WAITING > CROWD ? '' : ` (needs net.core.somaxconn above ${CROWD})`;

/** Declares the tests. */
export function testOverload(system: () => System): void {
  let writer: ApiClient;
  beforeAll(async () => {
    writer = await system().as('overload_writer');
  });

  const contentsOf = async (user: ApiClient) => {
    const posts = (await user.wholeFeed('my', 200)).filter(({ verb }) => verb === 'post');
    const objects = posts.map(({ object_type, object_id }) => user.get(`/objects/${object_type}:${object_id}`));
    return (await Promise.all(objects)).map(({ body }) => body.content as string).reverse();
  };
  async function commandsWaiting({ httpPort }: ServiceProcess): Promise<number> {
    const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
    return Number(/^commands_waiting(?:\{.*\})? (\d+)$/m.exec(metrics)?.[1]);
  }

  const post = (user: ApiClient, content: string) => user.send('/post', { type: 'post', content });

  /** Repeats a rejected request after Retry-After until it succeeds. */
  async function insist(send: () => Promise<ApiAnswer>, onRefused: () => void): Promise<void> {
    for (;;) {
      const { status, body, headers } = await send();
      if (status === 200) return;
      expect(body).toEqual(UNAVAILABLE);
      onRefused();
      await pause(Number(headers.get('retry-after')) * 1_000);
    }
  }

  it('a write rejected by a frozen service is not carried out later: repeating it records it once', async () => {
    const { activity } = system().services;
    await post(writer, 'before');
    // A gateway without any earlier requests to this service.
    const other = writer.at(await system().openGateway({}));
    await other.me();
    activity.signal('SIGSTOP');
    const refused = new Set<string>();
    const insisting = [
      insist(
        () => post(writer, 'repeated'),
        () => refused.add('here'),
      ),
      insist(
        () => post(other, 'repeated elsewhere'),
        () => refused.add('elsewhere'),
      ),
    ];
    try {
      expect(await post(writer, 'given up')).toMatchObject({ status: 503, body: UNAVAILABLE });
      await eventually('both were rejected', () => refused.size === 2);
    } finally {
      activity.signal('SIGCONT');
    }
    await Promise.all(insisting);
    expect((await contentsOf(writer)).sort()).toEqual(['before', 'repeated', 'repeated elsewhere']);
  });

  it('a rejected write does not take effect after a later acknowledged write', async () => {
    const graph = system().services['social-graph'];
    await writer.follow('nico');
    const { id: nico } = await (await system().as('nico')).me();
    graph.signal('SIGSTOP');
    try {
      expect(await writer.send('/unfollow', { unfollow: 'nico' })).toMatchObject({ status: 503, body: UNAVAILABLE });
    } finally {
      graph.signal('SIGCONT');
    }
    await writer.follow('eric');
    const expectFollowed = async () => {
      expect((await writer.me()).follow_ids).toContain(nico);
      expect((await writer.wholeFeed('my', 200)).map(({ verb }) => verb)).not.toContain('unfollow');
    };
    await expectFollowed();
    // A user's commands are carried out in order, so a queued unfollow would come before this follow.
    await eventually('no command waits', async () => (await commandsWaiting(graph)) === 0);
    await writer.follow('eric');
    await expectFollowed();
  });

  it('writes rejected while the database hung are not carried out later, and new ones are recorded soon', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, (_, index) => system().as(`hung_${index}`)));
    await Promise.all(users.map((user) => post(user, 'before')));
    system().proxyTo('postgres').hang();
    const refused: Promise<ApiAnswer>[] = [];
    for (let round = 0; round < 15; round++) {
      refused.push(...users.map((user) => post(user, `refused ${round}`)));
      await pause(200);
    }
    expect(new Set((await Promise.all(refused)).map(({ status }) => status))).toEqual(new Set([503]));
    system().proxyTo('postgres').restore();
    const restored = performance.now();
    const [first] = users as [ApiClient];
    await eventually('posts are recorded again', async () => (await post(first, 'after')).status === 200);
    expect(performance.now() - restored).toBeLessThan(25_000);
    for (const user of users) {
      const contents = await contentsOf(user);
      expect(contents.filter((content) => content.startsWith('refused'))).toEqual([]);
      expect(new Set(contents).size).toBe(contents.length);
    }
  });

  const whereItFits = MOST_WAITING > CROWD ? it : it.skip;
  whereItFits(`leaves ${CROWD} new connections to the kernel while the gateway is busy${NEEDS}`, async () => {
    const gateway = system().gateways[0] as ServiceProcess;
    let connected = 0;
    gateway.signal('SIGSTOP');
    const sockets = Array.from({ length: CROWD }, () =>
      connect(Number(gateway.httpPort), '127.0.0.1', () => connected++),
    );
    const answers = sockets.map((socket) => {
      socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      return text(socket);
    });
    try {
      await eventually('all are connected', () => connected === CROWD);
    } finally {
      gateway.signal('SIGCONT');
    }
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 /);
  });

  it('a second gateway on the same port ends instead of sharing it', async () => {
    const [gateway] = system().gateways as [ServiceProcess];
    const second = gateway.with({});
    const child = second.launch();
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(second.output).toContain('EADDRINUSE');
  });
}
