import { Client } from 'pg';
import { eventually } from '../../harness/eventually';
import type { ServiceProcess } from '../../harness/service-process';
import type { System } from '../../harness/system';

/** Declares the tests. */
export function testRequestLog(system: () => System): void {
  it('has a line per request with the id of the answer, and no keys', async () => {
    const ivan = (await system().as('ivan')).at(await system().openGateway({ REQUEST_LOG_SAMPLE: '1' }));
    const { headers: posted } = await ivan.post('post', 'a');
    const { headers: read } = await ivan.get('/feed/my?limit=1');
    const { headers: refused } = await ivan.get('/objects/photo:999?key=abc123');
    const gateway = system().gateways.at(-1) as ServiceProcess;
    const lineOf = (headers: Headers) => lineWith(gateway, headers.get('x-request-id') as string);
    // Slow requests are logged as warnings.
    const common = { level: expect.any(Number), service: 'gateway', msg: 'request answered', ms: expect.any(Number) };
    expect(await lineOf(posted)).toMatchObject({ ...common, method: 'POST', route: '/post', status: 200 });
    expect(await lineOf(read)).toMatchObject({ ...common, method: 'GET', route: '/feed/my', status: 200 });
    expect(await lineOf(refused)).toMatchObject({ ...common, method: 'GET', route: '/objects/:object', status: 404 });
    expect(gateway.output).not.toContain(ivan.key);
  });

  it('says where the time of a slow write went, with the same trace id in both services', async () => {
    const ivan = await system().as('ivan');
    const { id } = await ivan.me();
    const other = new Client({ connectionString: system().databases.activity });
    await other.connect();
    // On a busy machine a command may come so late that it cannot wait for a second. Whether the write is in time does not matter.
    const waitForLock = async () => {
      await other.query('SELECT pg_advisory_lock($1)', [id]);
      let isAnswered = false;
      const posting = ivan.send('/post', { type: 'post', content: 'slow' }).finally(() => {
        isAnswered = true;
      });
      const hasWaited = async () => (await other.query(WAITING)).rows.length > 0;
      const end = await eventually('the command has waited or ended', async () =>
        (await hasWaited()) ? 'waited' : isAnswered && 'ended',
      );
      await other.query('SELECT pg_advisory_unlock($1)', [id]);
      const { headers } = await posting;
      return end === 'waited' && headers;
    };
    const headers = await eventually('a command has waited for a second', waitForLock, { within: 90_000 });
    await other.end();
    const { activity } = system().services;
    const trace = traceOf(headers);
    const answered = await lineWith(gatewayOf(system()), trace, '"took"');
    expect(answered).toMatchObject({ level: WARN, request_id: headers.get('x-request-id'), route: '/post' });
    expect(answered.took[POSTING]).toBeGreaterThan(SLOW);
    const slow = await lineWith(activity, trace, 'was slow');
    expect(slow).toMatchObject({ level: WARN, trace_id: trace, request: POSTING });
    expect(slow.took.transaction).toBeGreaterThan(SLOW);
    expect(slow.took.queue).toBeGreaterThanOrEqual(0);
  });

  it('names the trace of a failed write in both services', async () => {
    const ivan = await system().as('ivan');
    const { activity } = system().services;
    const proxy = system().proxyTo('postgres');
    const fail = async () => {
      proxy.cut();
      try {
        const { status, headers } = await ivan.send('/post', POST);
        const answered = await lineWith(gatewayOf(system()), traceOf(headers), 'request answered');
        // On a busy machine it may fail earlier, because of the key, or be refused as it is late.
        return status === 503 && answered.took?.[POSTING] < SLOW && { trace: traceOf(headers), took: answered.took };
      } finally {
        proxy.restore();
      }
    };
    const { trace, took } = await eventually('activity cannot record a post', fail, { within: 90_000 });
    expect(took).toMatchObject({ body: expect.any(Number), [POSTING]: expect.any(Number) });
    expect(await lineWith(gatewayOf(system()), trace, 'answering 503')).toMatchObject({ trace_id: trace });
    const refused = await lineWith(activity, trace, 'refused');
    expect(refused).toMatchObject({ trace_id: trace, request: POSTING });
    expect(refused.took.transaction).toBeGreaterThanOrEqual(0);
    await eventually('writes succeed again', async () => (await ivan.send('/post', POST)).status === 200);
  });
}

const POSTING = 'activity.post-object';
const WARN = 40;
/** Milliseconds from which on a request is slow. */
const SLOW = 1_000;
const POST = { type: 'post', content: 'back again' };

/** A session that has waited for a stream's lock long enough. */
const WAITING = `
SELECT FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND now() - query_start > interval '1.1 seconds'`;

const gatewayOf = (system: System) => system.gateways[0] as ServiceProcess;

/** Without tracing, a request's id names its trace. */
const traceOf = (headers: Headers) => (headers.get('x-request-id') as string).replaceAll('-', '');

/** The first line of a service's log that has all `parts`. */
// biome-ignore lint/suspicious/noExplicitAny: tests access any field
const lineWith = (service: ServiceProcess, ...parts: string[]): Promise<any> =>
  eventually(`${service.name} logs ${parts}`, () => {
    const lines = service.output.split('\n');
    const line = lines.find((text) => parts.every((part) => text.includes(part)));
    return line === undefined ? undefined : JSON.parse(line);
  });
