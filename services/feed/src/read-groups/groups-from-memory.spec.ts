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
      index.addRow({ ...row, time: (place + 1) * 1_000_000, id: [0, 0, 0, place], actor });
    }
    const groups = await groupsFromMemory(index, { actors, from: 0, limit: 2 });
    expect(groups?.map(({ actor_name }) => actor_name)).toEqual(['eric', 'ivan']);
  });
});
