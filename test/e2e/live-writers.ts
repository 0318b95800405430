import type { FeedEntry } from '@activity-feed/contracts';
import type { ApiAnswer, ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import type { System } from '../harness/system';

type Entry = Pick<FeedEntry, 'verb' | 'object_type' | 'object_id' | 'target_name'>;

/** A write and whether it was acknowledged. After a 503, as on a busy machine, it may or may not be recorded. */
interface Written {
  entry: Entry;
  acknowledged: boolean;
}

/** Users who write continuously, one request at a time each, while new users register. */
export class LiveWriters {
  private readonly written = new Map<string, Written[]>();
  private readonly loops: Promise<void>[];
  private stopped = false;
  private rounds = 0;

  private constructor(
    private readonly system: System,
    private readonly clients: Map<string, ApiClient>,
  ) {
    const names = [...clients.keys()];
    this.loops = names.map((name, index) => this.write(name, names[(index + 1) % names.length] as string));
    // stop() rethrows.
    for (const loop of this.loops) loop.catch(() => undefined);
  }

  static async start(system: System, names: readonly string[]): Promise<LiveWriters> {
    const clients = new Map<string, ApiClient>();
    for (const name of names) clients.set(name, await system.as(name));
    return new LiveWriters(system, clients);
  }

  /** Waits for some more rounds of writes. */
  async progress(): Promise<void> {
    const until = this.rounds + 3 * this.clients.size;
    const written = eventually('live users write', () => this.rounds >= until, { within: 60_000 });
    await Promise.race([written, Promise.all(this.loops)]);
  }

  /** Stops writing. Throws if a write failed with anything but 503 or had a wrong answer. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  /** Expects each acknowledged write once and in order in its user's feed, and nothing that was never written. */
  async expectFeeds(): Promise<void> {
    for (const [name, client] of this.clients) {
      const shown = (await client.wholeFeed('my', 200)).reverse().map(entryOf);
      const expected = this.written.get(name) as Written[];
      expect(shown).toEqual(shownOf(expected, shown));
    }
  }

  private async write(name: string, other: string): Promise<void> {
    const api = this.clients.get(name) as ApiClient;
    const written: Written[] = [];
    this.written.set(name, written);
    const send = async (entry: Entry, path: string, body: object, message: string) => {
      const answer = await api.send(path, body);
      const acknowledged = isAcknowledged(answer);
      if (acknowledged) expect(answer.body.message).toBe(message);
      const object_id = entry.verb === 'post' && acknowledged ? (answer.body.object_id as number) : entry.object_id;
      written.push({ entry: { ...entry, object_id }, acknowledged });
      return acknowledged ? object_id : undefined;
    };
    for (let round = 0; !this.stopped; round++) {
      for (const object_type of ['post', 'photo'] as const) {
        const post: Entry = { verb: 'post', object_type, object_id: null, target_name: null };
        const body = { type: object_type, content: `${name} in round ${round}` };
        const object_id = await send(post, '/post', body, 'Activity recorded');
        if (object_id === undefined || object_id === null) continue;
        const share: Entry = { verb: 'share', object_type, object_id, target_name: name };
        const object = `${object_type}:${object_id}`;
        await send(share, '/activity', { verb: 'share', object }, 'Activity recorded');
      }
      const follow: Entry = { verb: 'follow', object_type: null, object_id: null, target_name: other };
      if (round === 0) await send(follow, '/follow', { follow: other }, 'User followed');
      if (round % 5 === 0) await this.system.register(`${name}_${round}`).catch(refusedForNow);
      this.rounds++;
    }
  }
}

function isAcknowledged({ status, body }: ApiAnswer): boolean {
  if (status !== 503 && status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return status !== 503;
}

function refusedForNow(error: Error): void {
  if (!error.message.includes('SERVICE_UNAVAILABLE')) throw error;
}

const entryOf = ({ verb, object_type, object_id, target_name }: FeedEntry): Entry => ({
  verb,
  object_type,
  object_id,
  target_name,
});

/** The expected entries: all acknowledged writes, and those unacknowledged writes that were recorded. */
function shownOf(written: readonly Written[], shown: readonly Entry[]): Entry[] {
  const acknowledged = new Set(written.filter((write) => write.acknowledged).map(({ entry }) => JSON.stringify(entry)));
  const expected: Entry[] = [];
  for (const { entry, ...write } of written) {
    const next = shown[expected.length];
    if (write.acknowledged) expected.push(entry);
    else if (next && !acknowledged.has(JSON.stringify(next)) && mayBe(entry, next)) expected.push(next);
  }
  return expected;
}

/** The id of an unacknowledged post is unknown. */
const mayBe = (entry: Entry, shown: Entry) =>
  entry.verb === shown.verb &&
  entry.object_type === shown.object_type &&
  (entry.verb === 'post' || entry.object_id === shown.object_id);
