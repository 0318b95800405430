import { APPEARANCE, type ObjectRef, objectName, type UserId } from '@activity-feed/contracts';
import { Appearances } from '../../services/gateway/src/visibility/appearances';
import type { KnownOwners } from '../../services/gateway/src/visibility/known-owners';
import type { Visibility } from '../../services/gateway/src/visibility/visibility';
import { VisibleLists } from '../../services/gateway/src/visibility/visible-lists';
import { VisibleObjects } from '../../services/gateway/src/visibility/visible-objects';

export interface MadeUp {
  /** By object name; objects without an entry belong to the user 5. */
  owners?: Record<string, number[]>;
  hidden?: number[];
  muted?: number[];
  sharesMuted?: number[];
  /** Instead of an answer of the feed. */
  error?: Error;
}

/** What a caller may see, without activity and the feed. Everything, unless users are hidden. */
export function visibilityOf({ owners = {}, hidden = [], muted = [], sharesMuted = [], error }: MadeUp = {}) {
  const bit = (users: number[], user: number, value: number) => (users.includes(user) ? value : 0);
  const appearances = async (users: Iterable<UserId>) => {
    if (error) throw error;
    const each = [...users];
    const bits = each.map(
      (user) =>
        bit(hidden, user, APPEARANCE.hidden) |
        bit(muted, user, APPEARANCE.muted) |
        bit(sharesMuted, user, APPEARANCE.sharesMuted),
    );
    return new Appearances(each, bits);
  };
  const of = async (objects: ObjectRef[]) => objects.map((object) => owners[objectName(object)] ?? [5]);
  const known = { of } as Partial<KnownOwners> as KnownOwners;
  const visibility = { of: appearances, forWrite: appearances } as Partial<Visibility> as Visibility;
  return {
    objects: new VisibleObjects(known, visibility),
    lists: new VisibleLists(known, visibility),
    visibility,
  };
}
