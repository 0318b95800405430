export * from './balanced-link';
export { CLOSING, FAILED } from './frame';
export * from './link';
export * from './link-client';
export * from './link-error';
export * from './link-server';
export * from './reply';
