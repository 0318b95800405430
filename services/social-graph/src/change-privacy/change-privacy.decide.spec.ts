import type { User, UserId } from '@activity-feed/contracts';
import { decidePrivacy, MAX_PRIVACY_CHANGES } from './change-privacy.decide';

const ivan: User = { id: 1 as UserId, name: 'ivan' };

describe('the decision to make an account private or public', () => {
  it.each([true, false])('records the change to private: %s', (wanted) => {
    expect(decidePrivacy({ isPrivate: !wanted, changes: MAX_PRIVACY_CHANGES - 1 }, ivan, wanted)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-privacy-changed.v1', data: { actor: ivan, private: wanted } },
    });
  });

  it('changes nothing if the account is as wanted, also at the limit', () => {
    expect(decidePrivacy({ isPrivate: true, changes: MAX_PRIVACY_CHANGES }, ivan, true)).toEqual({ kind: 'unchanged' });
  });

  it('refuses more changes than the limit', () => {
    expect(decidePrivacy({ isPrivate: true, changes: MAX_PRIVACY_CHANGES }, ivan, false)).toEqual({
      kind: 'rejected',
      code: 'TOO_SOON',
    });
  });
});
