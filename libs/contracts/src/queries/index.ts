export * from './activity-queries';
export * from './aggregate-queries';
export * from './feed-queries';
export * from './feed-reads';
export * from './ping';
export * from './social-graph-queries';
export * from './stream-version';
export * from './visibility';
