import type { ClientBase } from 'pg';
import { closedUntil } from '../aggregates/aggregate-time';
import { forgetNotes, isDue, readLateDays, readSeenNotes, type SeenNotes } from '../aggregates/late-activities';
import { TrendingLists, type TrendingListsOptions } from '../store-trending-lists/trending-lists';

/** Maintains the trending lists where aggregates are views, which need no refresh. */
export class ViewMaintainer {
  private readonly lists: TrendingLists;

  constructor(
    private readonly client: ClientBase,
    private readonly options: TrendingListsOptions,
  ) {
    this.lists = new TrendingLists(client, options);
  }

  async turn(): Promise<boolean> {
    const { now } = this.options;
    const due = (await readLateDays(this.client)).filter((late) => isDue(late, now()));
    const seen: SeenNotes[] = [];
    for (const late of due) {
      seen.push(await readSeenNotes(this.client, late));
      this.lists.outdate(late);
    }
    await this.lists.turn(closedUntil('hour', now()));
    for (const notes of seen) await forgetNotes(this.client, notes);
    return true;
  }
}
