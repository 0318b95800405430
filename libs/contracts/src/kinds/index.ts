export * from './notification-verbs';
export * from './object-types';
export * from './verbs';
