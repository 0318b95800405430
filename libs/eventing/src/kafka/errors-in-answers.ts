import type { LogEntry } from 'kafkajs';
import { errorCodes } from 'kafkajs/src/protocol/error';

export interface ErrorInAnswer {
  /** Such as `Produce`. */
  readonly request: string;
  /** By the protocol's name, such as `NOT_LEADER_FOR_PARTITION`, or `other`. */
  readonly error: string;
}

const TYPES = new Map(errorCodes.map(({ message, type }) => [message, type]));

/**
 * The error of a broker's answer that kafkajs logs. There is no event for it: an answer with an error is a request that
 * ended well to kafkajs's instrumentation.
 */
export function errorInAnswer({ namespace, log }: LogEntry): ErrorInAnswer | undefined {
  const [, request] = /^Response (\w+)\(key: /.exec(log.message) ?? [];
  if (namespace !== 'Connection' || request === undefined || log.error === undefined) return undefined;
  return { request, error: TYPES.get(log.error) ?? 'other' };
}
