export * from './balanced-link';
export { CLOSING, FAILED, SUBSCRIPTIONS_FROM } from './frame';
export * from './link';
export * from './link-client';
export * from './link-error';
export * from './link-server';
export * from './reply';
