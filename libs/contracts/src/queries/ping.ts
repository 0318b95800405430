import { type Answer, message } from '../message';

/** How a service is, as its own readiness says. */
export type HealthStatus = 'ready' | 'degraded' | 'unavailable';

/**
 * Milliseconds that a service gives each of its dependencies before it answers: less than the gateway's own check gives
 * to the whole.
 */
export const PING_LIMIT = 700;

/** Answered by every service that can be reached at all. */
export const Ping = message<Record<string, never>, Answer<HealthStatus>>('ping');
