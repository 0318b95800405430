import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { ServerAddresses } from '../settings.ts';

export interface RunningServers {
  readonly addresses: ServerAddresses;
  /** A database of TimescaleDB's Community edition for tests to empty, where it is known that there is one. */
  readonly communityDatabase?: string;
  /** Those of this process; an engine keeps its containers running by itself. */
  readonly processes: readonly SupervisedProcess[];
  stop(): Promise<void>;
}
