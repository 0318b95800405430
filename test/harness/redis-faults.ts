import type { Redis } from 'ioredis';

export interface RedisFault {
  fault: string;
  begin(): Promise<unknown>;
  end?(): Promise<unknown>;
}

/** Longer than a gateway waits for Redis. */
const PAUSE = 700;

/** What makes Redis refuse or forget writes while it answers. `admin` is asked for when a fault begins. */
export function redisFaults(admin: () => Redis): RedisFault[] {
  const maxmemory = (bytes: number) => admin().config('SET', 'maxmemory', bytes);
  return [
    { fault: 'OOM', begin: () => maxmemory(1), end: () => maxmemory(0) },
    {
      fault: 'READONLY',
      begin: () => admin().replicaof('127.0.0.1', 1),
      end: () => admin().replicaof('NO', 'ONE'),
    },
    { fault: 'FLUSHALL', begin: () => admin().flushall() },
    { fault: 'CLIENT KILL', begin: () => admin().client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes') },
    { fault: 'CLIENT PAUSE', begin: () => admin().client('PAUSE', PAUSE) },
  ];
}

/** Faults that affect only some clients or only some commands. */
export function partialRedisFaults(admin: () => Redis): RedisFault[] {
  return [
    { fault: 'CLIENT KILL of subscribers', begin: () => admin().client('KILL', 'TYPE', 'pubsub') },
    { fault: 'CLIENT PAUSE of writes', begin: () => admin().client('PAUSE', PAUSE, 'WRITE') },
  ];
}

/** Ends the faults that do not pass by themselves. */
export async function mendRedis(admin: Redis): Promise<void> {
  await admin.config('SET', 'maxmemory', '0');
  await admin.replicaof('NO', 'ONE');
}
