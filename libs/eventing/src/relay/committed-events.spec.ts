import type { UserId } from '@activity-feed/contracts';
import { CommittedEvents } from './committed-events';

const place = (stream: number, version: number) => ({ stream: stream as UserId, version });

describe('the committed events that a relay has to send', () => {
  const committed = new CommittedEvents();

  it('are sent once the newest of each stream is', () => {
    expect(committed.areSent).toBe(true);
    committed.add([place(1, 7), place(1, 8), place(2, 1)]);
    committed.noteSent([place(1, 7), place(3, 5)]);
    committed.noteSent([place(2, 1)]);
    expect(committed.areSent).toBe(false);
    committed.noteSent([place(1, 8)]);
    expect(committed.areSent).toBe(true);
  });

  it('may be reported in another order than they were committed in', () => {
    committed.add([place(1, 8)]);
    committed.add([place(1, 7)]);
    committed.noteSent([place(1, 7)]);
    expect(committed.areSent).toBe(false);
    // A table of states has only the last.
    committed.noteSent([place(1, 9)]);
    expect(committed.areSent).toBe(true);
  });

  it('are not waited for after a while, as they may have been sent before', () => {
    committed.add([place(1, 10)], 1_000);
    committed.add([place(2, 10)], 2_000);
    committed.forgetOld(2_000);
    committed.noteSent([place(2, 10)]);
    expect(committed.areSent).toBe(true);
  });

  it('are not waited for by a relay that begins: it reads everything', () => {
    committed.add([place(1, 10)]);
    committed.forget();
    expect(committed.areSent).toBe(true);
  });
});
