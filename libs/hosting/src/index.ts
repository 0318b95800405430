export type { Starting } from './boot/boot';
export * from './boot/starting-health';
export * from './cache/redis';
export * from './configuration/read-config';
export * from './configuration/settings';
export * from './health/health.controller';
export * from './health/health-check';
export * from './log/logger';
export * from './process-end';
