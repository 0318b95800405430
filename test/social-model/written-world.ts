import { withConnection } from '@activity-feed/backend';
import { type EventTime, sqlEventTime } from '@activity-feed/contracts';
import type { ApiAnswer, ApiClient } from '../harness/api-client';
import type { System } from '../harness/system';
import { ChangesInProgress } from './changes-in-progress';
import { SocialModel } from './social-model';

/** What several users write at the same time. */
export class WrittenWorld {
  readonly model = new SocialModel();
  readonly changes = new ChangesInProgress();
  /** The newest token of each stream. */
  private readonly tokens = new Map<string, string>();

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

  get names(): string[] {
    return [...this.clients.keys()];
  }

  /** The time of each event, by the token of its write. */
  async times(): Promise<ReadonlyMap<string, EventTime>> {
    const times = new Map<string, EventTime>();
    for (const source of ['social-graph', 'activity'] as const) {
      const connectionString = this.system.databases[source];
      await withConnection({ connectionString }, async (client) => {
        const { rows } = await client.query(`SELECT stream, version, ${sqlEventTime('time')} AS time FROM events`);
        for (const { stream, version, time } of rows) times.set(`${source}.${stream}.${version}`, time);
      });
    }
    return times;
  }

  /**
   * Headers by which a read includes all writes to activity. Users see their own follows, and blocks by and of them,
   * anyway.
   */
  get newest(): Record<string, string> {
    const tokens = [...this.tokens.values()].filter((token) => token.startsWith('activity.'));
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
