import { encodeToken, type Source, type UserId, type WriteAnswer } from '@activity-feed/contracts';
import type { Outcome } from '@activity-feed/eventing';

/** The answer to the gateway for a command on `stream`. */
export function writeAnswer(source: Source, stream: UserId, outcome: Outcome<unknown, unknown>): WriteAnswer {
  if (outcome.kind === 'rejected') return { ok: false, code: outcome.code };
  const token = encodeToken({ source, stream, version: outcome.version });
  return { ok: true, value: { outcome: outcome.kind, token } };
}
