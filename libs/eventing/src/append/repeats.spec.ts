import type { UserId } from '@activity-feed/contracts';
import { streamsOf } from './command-kind';
import { decideRepeat } from './repeats';

describe('a repeated command', () => {
  const kept = { fingerprint: 'f', value: { token: 'activity.1.1' } };

  it('gets the value of the first answer', () => {
    expect(decideRepeat({ fingerprint: 'f' }, kept)).toEqual({ kind: 'replayed', value: kept.value });
  });

  it('is refused if it is another request', () => {
    expect(decideRepeat({ fingerprint: 'g' }, kept)).toEqual({ kind: 'rejected', code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('the streams of a command', () => {
  const [owner, caller, other] = [1, 2, 3] as UserId[] as [UserId, UserId, UserId];
  const idempotency = { caller, key: 'a', fingerprint: 'f' };

  it('contain that of the caller if it has a key', () => {
    expect(streamsOf({ stream: owner, alsoOn: [other] })).toEqual([owner, other]);
    expect(streamsOf({ stream: owner, alsoOn: [other], idempotency })).toEqual([owner, other, caller]);
  });

  it('contain it once', () => {
    expect(streamsOf({ stream: caller, idempotency })).toEqual([caller]);
    expect(streamsOf({ stream: owner, alsoOn: [caller], idempotency })).toEqual([owner, caller]);
  });
});
