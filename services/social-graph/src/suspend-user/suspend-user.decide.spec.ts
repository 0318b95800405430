import type { User, UserId } from '@activity-feed/contracts';
import { decideSuspension } from './suspend-user.decide';

const eric: User = { id: 3 as UserId, name: 'eric' };
const data = { actor: eric, by: 'admin' };

describe('the decision to suspend or reinstate a user', () => {
  it('records it', () => {
    expect(decideSuspension(false, eric, 'admin', true)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-suspended.v1', data },
    });
    expect(decideSuspension(true, eric, 'admin', false)).toEqual({
      kind: 'accepted',
      event: { type: 'social-graph.user-reinstated.v1', data },
    });
  });

  it('changes nothing if the user is as wanted', () => {
    for (const is of [true, false]) expect(decideSuspension(is, eric, 'admin', is)).toEqual({ kind: 'unchanged' });
  });
});
