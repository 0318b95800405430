import { encodeToken, type Source, type UserId, type WriteAnswer } from '@activity-feed/contracts';
import type { Outcome } from '@activity-feed/eventing';

/** What the gateway is told of how a command on `stream` ended. */
export function writeAnswer(source: Source, stream: UserId, outcome: Outcome<unknown>): WriteAnswer {
  if (outcome.kind === 'rejected') return { ok: false, code: outcome.code };
  const token = encodeToken({ source, stream, version: outcome.version });
  return { ok: true, value: { outcome: outcome.kind, token } };
}
