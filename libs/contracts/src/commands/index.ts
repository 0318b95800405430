export * from './activity-commands';
export * from './command';
export * from './deadline';
export * from './idempotency';
export * from './key-commands';
export * from './limit-commands';
export * from './social-graph-commands';
