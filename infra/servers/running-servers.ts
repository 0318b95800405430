import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { ServerAddresses } from '../settings.ts';

export interface RunningServers {
  readonly addresses: ServerAddresses;
  /** Those of this process; an engine keeps its containers running by itself. */
  readonly processes: readonly SupervisedProcess[];
  stop(): Promise<void>;
}
