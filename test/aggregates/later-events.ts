import type { Effects } from '../../services/feed/src/activity/effects';
import { type Random, seededRandom } from '../world/random';
import type { WorldObject } from '../world/social-state';
import type { WorldEffects } from './world-effects';

/** Generates posts, likes and shares of a world's users, in addition to its plan, at any time. */
export class LaterEvents {
  private readonly random: Random = seededRandom(11);
  private nextId = 1_000_000;

  constructor(
    private readonly world: WorldEffects,
    private readonly users: number,
    private readonly objects: readonly WorldObject[],
  ) {}

  /** `count` events between two times, in milliseconds since 1970, in random order. */
  between(from: number, to: number, count: number): Effects[] {
    return Array.from({ length: count }, () => {
      const time = from * 1_000 + Math.floor(this.random.fraction() * (to - from) * 1_000);
      const actor = this.random.below(this.users);
      const kind = this.random.below(4);
      if (kind === 0) {
        const object = { type: 'photo' as const, id: this.nextId++, owner: actor };
        return this.world.next({ type: 'activity.object-posted.v1', actor, time, object });
      }
      const object = this.objects[this.random.below(this.objects.length)] as WorldObject;
      const type = kind === 1 ? 'activity.object-shared.v1' : 'activity.object-liked.v1';
      return this.world.next({ type, actor, time, object, target: object.owner });
    });
  }
}
