export * from './activity-commands';
export * from './command';
export * from './social-graph-commands';
