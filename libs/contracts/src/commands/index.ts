export * from './activity-commands';
export * from './command';
export * from './deadline';
export * from './social-graph-commands';
