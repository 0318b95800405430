export * from './object-types';
export * from './verbs';
