import { type Answer, message } from '../message';

/** How a service is, as its own readiness says. */
export type HealthStatus = 'ready' | 'degraded' | 'unavailable';

/** Answered by every service that can be reached at all. */
export const Ping = message<Record<string, never>, Answer<HealthStatus>>('ping');
