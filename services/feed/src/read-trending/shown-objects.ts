import { OBJECT_TYPES, type ObjectType, objectTypeCode, SEPARATE_TRENDS } from '@activity-feed/contracts';
import { idOfKey, typeCodeOf } from '../activity/object-key';
import type { View } from '../timeline-index/queries/view';
import type { ClosedTrends } from './closed-trends';
import { type ClosedList, keyOf, type OpenObjects, type RankedObject } from './rank';

const COMMENT = objectTypeCode('comment');

/**
 * The trending objects that one viewer may see: none of hidden owners, and no comments on what those own. A trend knows the
 * owner of a comment, but not what the comment hangs on, which is looked up for the best.
 */
export class ShownObjects {
  /** Comments that have been looked up, and of them those that are not shown. */
  private readonly judged = new Set<number>();
  private readonly excluded = new Set<number>();

  constructor(
    private readonly view: View,
    private readonly closed: Pick<ClosedTrends, 'rootOwnersOf'>,
    private readonly wanted: { type: ObjectType | undefined; limit: number },
  ) {}

  /** The shown objects of a list. Undefined if those that were cut from it could then be among the best of a type. */
  of({ objects, bounds }: ClosedList): ClosedList | undefined {
    const { type: one, limit } = this.wanted;
    const shown = objects.filter((object) => !this.view.hidesId(object.owner_id) && !this.excluded.has(keyOf(object)));
    const types = one ? [one] : OBJECT_TYPES.filter((type) => !SEPARATE_TRENDS.includes(type));
    const isShort = types.some(
      (type) => bounds[type] > 0 && shown.filter(({ object_type }) => object_type === type).length < limit,
    );
    return isShort ? undefined : { objects: shown, bounds };
  }

  withoutExcluded({ objects, bounds }: ClosedList): ClosedList {
    return { objects: objects.filter((object) => !this.excluded.has(keyOf(object))), bounds };
  }

  ofOpen(open: OpenObjects): OpenObjects {
    return {
      get: (key) => {
        const object = this.excluded.has(key) ? undefined : open.get(key);
        return object && this.view.hidesUser(object.owner) ? undefined : object;
      },
      forEach: (each) => open.forEach(each),
    };
  }

  /** Whether some of `best` turn out not to be shown. A comment whose root is unknown is not shown. */
  async excludes(best: readonly RankedObject[]): Promise<boolean> {
    const comments = best.map(({ key }) => key).filter((key) => typeCodeOf(key) === COMMENT && !this.judged.has(key));
    if (comments.length === 0) return false;
    const owners = await this.closed.rootOwnersOf(comments.map(idOfKey));
    const before = this.excluded.size;
    for (const key of comments) {
      this.judged.add(key);
      const owner = owners.get(idOfKey(key));
      if (owner === undefined || this.view.hidesId(owner)) this.excluded.add(key);
    }
    return this.excluded.size > before;
  }
}
