import { withConnection } from '@activity-feed/backend';
import { EVENT_SOURCES, type EventTime, SOURCE, sqlEventTime } from '@activity-feed/contracts';
import { eventsTableOf } from '@activity-feed/eventing';
import { type ApiAnswer, type ApiClient, untilCarriedOut } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import type { System } from '../harness/system';
import { ChangesInProgress } from './changes-in-progress';
import { SocialModel } from './social-model';

/** Whom nobody in the world follows. */
const STRANGER = 'ivan';

const ENDS = `
SELECT stream, version::int FROM private_events
WHERE type = 'social-graph.follow-request-ended.v1' AND data->'actor'->>'name' = $1 AND data->'target'->>'name' = $2`;

const MISSING = `
SELECT FROM unnest($2::int[], $3::bigint[]) AS head(stream, version)
LEFT JOIN applied_versions AS applied ON applied.source = $1 AND applied.stream = head.stream
WHERE applied.version IS NULL OR applied.version < head.version`;

const TO_ACCEPT = `
SELECT FROM follow_requests JOIN users ON users.id = target_id WHERE users.name = $1 AND NOT private`;

/** Requests to follow the user $1 that were accepted because the account became public; a follow may have been there. */
const PUBLISHED = `
SELECT users.name AS requester, ended.stream, ended.version::int AS ended, followed.version::int AS followed
FROM private_events AS ended JOIN users ON users.id = ended.stream
LEFT JOIN events AS followed ON followed.transaction_id = ended.transaction_id AND followed.stream = ended.stream
  AND followed.data->'target'->>'name' = $1
WHERE ended.data->>'cause' = 'published' AND ended.data->'target'->>'name' = $1
ORDER BY followed.time, followed.event_id`;

interface Published {
  requester: string;
  stream: number;
  ended: number;
  followed: number | null;
}

/** What several users write at the same time. */
export class WrittenWorld {
  readonly model = new SocialModel();
  readonly changes = new ChangesInProgress();
  /** The newest token of each stream. */
  private readonly tokens = new Map<string, string>();

  /** The ends of requests that the model knows of, by token. */
  private readonly published = new Set<string>();
  private reads = 0;
  /** Whether no reader of the feed may be up, or none that has all blocks: then writes about hidden objects may be accepted. */
  feedsRestart = false;

  constructor(
    private readonly system: System,
    /** At the first gateway. */
    readonly clients: ReadonlyMap<string, ApiClient>,
  ) {}

  /** Of the gateway for writes. */
  get address(): string {
    return this.system.address();
  }

  /** Sends a user's reads, through all gateways in turn. */
  reader(name: string): ApiClient {
    const client = this.clients.get(name) as ApiClient;
    return client.at(this.system.address(this.reads++ % this.system.gateways.length));
  }

  client(name: string): ApiClient {
    return this.clients.get(name) as ApiClient;
  }

  get names(): string[] {
    return [...this.clients.keys()];
  }

  /** The time of each event, by the token of its write. */
  async times(): Promise<ReadonlyMap<string, EventTime>> {
    const times = new Map<string, EventTime>();
    for (const source of EVENT_SOURCES) {
      const connectionString = this.system.databases[SOURCE[source].service];
      const table = eventsTableOf(source);
      await withConnection({ connectionString }, async (client) => {
        const { rows } = await client.query(`SELECT stream, version, ${sqlEventTime('time')} AS time FROM ${table}`);
        for (const { stream, version, time } of rows) times.set(`${source}.${stream}.${version}`, time);
      });
    }
    return times;
  }

  /** Waits until the feed's database has all events. */
  async feedHasAll(): Promise<void> {
    for (const source of EVENT_SOURCES) {
      const connectionString = this.system.databases[SOURCE[source].service];
      const { rows: heads } = await withConnection({ connectionString }, (client) =>
        client.query<{ stream: number; version: string }>(
          `SELECT stream, max(version)::text AS version FROM ${eventsTableOf(source)} GROUP BY stream`,
        ),
      );
      const values = [source, heads.map(({ stream }) => stream), heads.map(({ version }) => version)];
      await withConnection({ connectionString: this.system.databases.feed }, (client) =>
        eventually(`the feed has all events of ${source}`, async () => {
          return (await client.query(MISSING, values)).rows.length === 0;
        }),
      );
    }
  }

  /** Updates the model: tokens do not reveal how many events a requester's private stream has. */
  async noteEndsOfRequests(requester: string, target: string): Promise<void> {
    const connectionString = this.system.databases['social-graph'];
    const { rows } = await withConnection({ connectionString }, (client) =>
      client.query<{ stream: number; version: number }>(ENDS, [requester, target]),
    );
    for (const { stream, version } of rows) {
      this.model.requested(requester, target, false, `social-graph-private.${stream}.${version}`);
    }
  }

  /**
   * Waits until all requests to follow `name` are accepted, if the account is public, and updates the model: no API answer
   * reports them.
   */
  async settleRequests(name: string): Promise<void> {
    const connectionString = this.system.databases['social-graph'];
    const accepted = await withConnection({ connectionString }, async (client) => {
      await eventually('all requests are accepted', async () => {
        return (await client.query(TO_ACCEPT, [name])).rows.length === 0;
      });
      return (await client.query<Published>(PUBLISHED, [name])).rows;
    });
    for (const { requester, stream, ended, followed } of accepted) {
      const end = `social-graph-private.${stream}.${ended}`;
      if (this.published.has(end)) continue;
      this.published.add(end);
      this.model.requested(requester, name, false, end);
      if (followed !== null) this.model.followed(requester, name, `social-graph.${stream}.${followed}`, true);
      // The answer to a write that changes nothing makes the newest version known to the requester's reads.
      const client = this.clients.get(requester) as ApiClient;
      this.note(await untilCarriedOut(() => client.send('/unfollow', { unfollow: STRANGER })));
    }
  }

  /**
   * Headers by which a read includes all writes to activity. Users see their own follows, blocks by and of them, and
   * whose accounts have become private or public, anyway.
   */
  get newest(): Record<string, string> {
    const tokens = [...this.tokens.values()].filter((token) => token.startsWith('activity.'));
    return tokens.length > 0 ? { 'consistency-token': tokens.join(',') } : {};
  }

  /** Headers by which a read includes all writes that others may know of. */
  get allPublic(): Record<string, string> {
    const tokens = [...this.tokens.values()].filter((token) => /^(activity|social-graph)\./.test(token));
    return tokens.length > 0 ? { 'consistency-token': tokens.join(',') } : {};
  }

  /** Notes the token of an answer. Returns the version that the write had or found in its stream. */
  note({ headers }: ApiAnswer): number {
    const tokens = headers.get('consistency-token')?.split(',') ?? [];
    const versions = tokens.map((token) => {
      const [source, stream, version] = token.split('.') as [string, string, string];
      const known = Number(this.tokens.get(`${source}.${stream}`)?.split('.')[2] ?? 0);
      if (Number(version) > known) this.tokens.set(`${source}.${stream}`, token);
      return Number(version);
    });
    return versions[0] ?? 0;
  }
}
