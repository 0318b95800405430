export * from './database/create-pool';
export * from './database/is-unavailable';
export * from './database/migrate';
export * from './rpc/write-answer';
export * from './run-service';
export * from './service.module';
export * from './settings';
export * from './write-service.module';
