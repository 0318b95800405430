import {
  encodeToken,
  type Source,
  type StoredEvent,
  sourceOf,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import type { Outcome } from '@activity-feed/eventing';

/** The answer to the gateway for a command on `stream`, whose events are of `source` unless they say otherwise. */
export function writeAnswer(source: Source, stream: UserId, outcome: Outcome<unknown, unknown>): WriteAnswer {
  if (outcome.kind === 'rejected') return { ok: false, code: outcome.code };
  const recorded = outcome.kind === 'recorded' ? sourceOf(outcome.event.type) : source;
  const token = encodeToken({ source: recorded, stream, version: outcome.version });
  const also = outcome.kind === 'recorded' ? outcome.also.map(tokenOf) : [];
  return { ok: true, value: { outcome: outcome.kind, token, ...(also.length > 0 && { also }) } };
}

/** The token of a recorded event. */
export const tokenOf = ({ type, stream, version }: StoredEvent) =>
  encodeToken({ source: sourceOf(type), stream, version });
