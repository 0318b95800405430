import { setImmediate as nextTurn } from 'node:timers/promises';
import { fromMilliseconds, type Microseconds } from '@activity-feed/contracts';
import { LOOKUPS_PER_TURN } from '../timeline-index/queries/in-pieces';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { groupsFromMemory } from './groups-from-memory';

describe('groups from memory', () => {
  it('skip users without a name before the limit applies', async () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 10 });
    const actors = Uint32Array.from([11, 12, 13], (id) => index.users.number(id));
    index.addUser(11, 'ivan');
    index.addUser(13, 'eric');
    for (const [place, actor] of actors.entries()) {
      const row = { verb: 'post', objectType: 'post', objectId: place + 1, target: actor } as const;
      index.addRow({ ...row, time: fromMilliseconds(place + 1), id: [0, 0, 0, place], actor });
    }
    const groups = await groupsFromMemory(index, { actors, from: 0 as Microseconds, limit: 2 });
    expect(groups?.map(({ actor_name }) => actor_name)).toEqual(['eric', 'ivan']);
  });

  it('look up the names of very many users in turns of limited length', async () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 10 });
    const length = 2 * LOOKUPS_PER_TURN + 1;
    const actors = Uint32Array.from({ length }, (_, id) => index.users.number(id + 1));
    const names = jest.spyOn(index.users.names, 'has');
    const groups = groupsFromMemory(index, { actors, from: 0 as Microseconds, limit: 2 });
    expect(names).toHaveBeenCalledTimes(LOOKUPS_PER_TURN);
    await nextTurn();
    expect(names).toHaveBeenCalledTimes(2 * LOOKUPS_PER_TURN);
    expect(await groups).toEqual([]);
    expect(names).toHaveBeenCalledTimes(length);
  });
});
