import { type Answer, message } from '../message';

/** Answered by every service that can be reached at all. */
export const Ping = message<Record<string, never>, Answer<'pong'>>('ping');
