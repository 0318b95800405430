import { GATHER_LIMIT, type Source, type UserId } from '@activity-feed/contracts';
import { UnsentWrites } from './unsent-writes';

const at = (source: Source, stream: number, version = 1) => ({ source, stream: stream as UserId, version });

describe('unsent writes', () => {
  it('are named once, to the first read that needs them', () => {
    const unsent = new UnsentWrites();
    unsent.note(at('activity', 1), 0);
    unsent.note(at('social-graph', 1), 0);
    unsent.note(at('social-graph-private', 1), 0);
    expect(unsent.take([at('activity', 2)], 1)).toEqual([]);
    expect(unsent.take([at('social-graph', 1), at('social-graph-private', 1)], 1)).toEqual(['social-graph']);
    expect(unsent.take([at('social-graph', 1), at('activity', 1)], 2)).toEqual(['activity']);
    expect(unsent.take([at('activity', 1)], 3)).toEqual([]);
    unsent.note(at('activity', 1, 2), 4);
    expect(unsent.take([at('activity', 1, 2)], 5)).toEqual(['activity']);
  });

  it('are forgotten when no service gathers them any longer', () => {
    const unsent = new UnsentWrites();
    unsent.note(at('activity', 1), 0);
    unsent.note(at('activity', 2), 10);
    unsent.note(at('activity', 1), 20);
    const later = 20 + GATHER_LIMIT;
    expect(unsent.take([at('activity', 2)], later)).toEqual([]);
    expect(unsent.take([at('activity', 1)], later)).toEqual(['activity']);
    unsent.note(at('activity', 1), later);
    expect(unsent.take([at('activity', 1)], later + GATHER_LIMIT + 1)).toEqual([]);
  });
});
