import type { StoredEvent } from '@activity-feed/contracts';
import { type Effects, effectsOf } from '../../services/feed/src/activity/effects';
import { type EventRow, EventRows } from '../world/event-rows';
import { nameOf } from '../world/names';
import type { WorldPlan } from '../world/plan';
import { type Happening, World } from '../world/world';

/** The effects of a generated world's events, and of further events of the same streams. */
export class WorldEffects {
  readonly world: World;
  private readonly rows: EventRows;

  constructor(readonly plan: WorldPlan) {
    this.world = new World(plan);
    this.rows = new EventRows(plan, nameOf);
  }

  *all(): Generator<Effects> {
    for (const happening of this.world.happenings()) yield this.next(happening);
  }

  next(happening: Happening): Effects {
    return effectsOf(toEvent(this.rows.rowOf(happening), this.rows.dataOf(happening)));
  }
}

const toEvent = ({ eventId, stream, version, type, time }: EventRow, data: object) =>
  ({ id: eventId, stream, version, type, data, time }) as StoredEvent;
