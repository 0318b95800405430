import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { ServerAddresses } from '../settings.ts';

export interface RunningServers {
  readonly addresses: ServerAddresses;
  /** A database that tests may clear, if the server is known to be TimescaleDB's Community edition. */
  readonly communityDatabase?: string;
  /** Local server processes; empty with Docker, whose engine restarts containers itself. */
  readonly processes: readonly SupervisedProcess[];
  stop(): Promise<void>;
}
