import { adds } from './event-rows.ts';
import type { WantedWorld } from './plan.ts';
import type { WorldObject } from './social-state.ts';
import { World } from './world.ts';

/** The size of a world. It does not depend on the world's ids. */
export interface WorldSize {
  events: number;
  objects: Record<WorldObject['type'], number>;
}

export function sizeOf(wanted: WantedWorld): WorldSize {
  const size: WorldSize = { events: 0, objects: { post: 0, photo: 0, comment: 0 } };
  for (const { type, object } of new World({
    ...wanted,
    firstIds: { user: 1, post: 1, photo: 1, comment: 1 },
  }).happenings()) {
    size.events++;
    if (object && adds(type)) size.objects[object.type]++;
  }
  return size;
}
