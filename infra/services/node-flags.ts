import type { ServiceName } from '../settings.ts';

/**
 * The gateway's limit for each half of the young generation, in MiB. By default it depends on the machine's memory, and is 64 where there
 * is much: opening thousands of streams fills that, and the process keeps it (`npm run bench -- streams`).
 */
const SEMI_SPACE = 16;

/** Node.js's flags for a service, as in its image. */
export const nodeFlags = (name: ServiceName): string[] => [
  '--enable-source-maps',
  ...(name === 'gateway' ? [`--max-semi-space-size=${SEMI_SPACE}`] : []),
];
