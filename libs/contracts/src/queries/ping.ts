import { type Answer, message } from '../message';

/** The status in a service's readiness. */
export type HealthStatus = 'ready' | 'degraded' | 'unavailable';

/**
 * Milliseconds that a service waits for each of its dependencies before it answers a ping; less than the gateway's
 * health check waits for the service.
 */
export const PING_LIMIT = 700;

export const Ping = message<Record<string, never>, Answer<HealthStatus>>('ping');
