import type { ApiAnswer, ApiClient } from '../harness/api-client';
import { ChangesInProgress } from './changes-in-progress';
import { SocialModel } from './social-model';

/** What several users write at the same time. */
export class WrittenWorld {
  readonly model = new SocialModel();
  readonly changes = new ChangesInProgress();
  /** The newest token of each stream. */
  private readonly tokens = new Map<string, string>();

  constructor(
    readonly address: string,
    readonly clients: ReadonlyMap<string, ApiClient>,
  ) {}

  get names(): string[] {
    return [...this.clients.keys()];
  }

  /** Headers by which a read includes all writes to activity. Users see their own follows anyway. */
  get newest(): Record<string, string> {
    const tokens = [...this.tokens.values()].filter((token) => token.startsWith('activity.'));
    return tokens.length > 0 ? { 'consistency-token': tokens.join(',') } : {};
  }

  /** Notes the token of an answer. Returns the version that the write had or found in its stream. */
  note({ headers }: ApiAnswer): number {
    const token = headers.get('consistency-token');
    if (!token) return 0;
    const [source, stream, version] = token.split('.') as [string, string, string];
    const known = Number(this.tokens.get(`${source}.${stream}`)?.split('.')[2] ?? 0);
    if (Number(version) > known) this.tokens.set(`${source}.${stream}`, token);
    return Number(version);
  }
}
