export * from './activity-events';
export * from './envelope';
export * from './event';
export * from './golden';
export * from './social-graph-events';
