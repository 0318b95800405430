import { fromMicroseconds } from '@activity-feed/contracts';
import { readAtOnce } from '@activity-feed/link';
import type { LoggedChange } from '../timeline-index/logged-change';
import type { View } from '../timeline-index/queries/view';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import { hasUser } from '../timeline-index/rows/follow-lists';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { ConcernedUsers } from './concerned';
import type { Viewer } from './open-stream';
import { STALE, type StreamMessage } from './stream-message';

/** Whose friends feed is followed. */
export interface FriendsViewer extends Viewer {
  /** User numbers, ascending. */
  readonly followees: Uint32Array;
}

type TakenBack = Extract<LoggedChange, { kind: 'taken-back' }>;

const NOTHING: readonly StreamMessage[] = [];
const ONLY_STALE: readonly StreamMessage[] = [STALE];

/** What an event changes in a friends feed. The rule of who sees what holds at the moment at which this is asked. */
export class FriendsMessages {
  /** Of the last event, as it has many viewers. */
  private entry: { event: LoggedEvent; message: StreamMessage | undefined } | undefined;

  constructor(
    private readonly index: TimelineIndex,
    private readonly concerned: ConcernedUsers,
  ) {}

  /** Whether an event may change the feed. */
  mayConcern(event: LoggedEvent, viewer: FriendsViewer): boolean {
    const { kind } = event.change ?? {};
    return kind === 'object' || kind === 'account' || kind === 'hiding' || hasUser(viewer.followees, event.actor)
      ? true
      : event.actor === viewer.user;
  }

  /** `stale` alone if the feed must be loaded again. */
  of(event: LoggedEvent, viewer: FriendsViewer): readonly StreamMessage[] {
    const { change } = event;
    if (this.changesRelations(event, viewer)) return ONLY_STALE;
    const isFollowed = hasUser(viewer.followees, event.actor);
    if (change?.kind === 'account') return isFollowed || this.isConcerned(event, viewer) ? ONLY_STALE : NOTHING;
    const view = this.viewOf(viewer);
    if (change?.kind === 'object') {
      // What memory does not have any more may be the owner's.
      const isOfFollowed = isFollowed && !view?.hidesUser(event.actor);
      if (!isOfFollowed && !this.isConcerned(event, viewer, view)) return NOTHING;
      return change.deleted ? [{ event: 'removed', data: JSON.stringify({ object: change.name }) }] : ONLY_STALE;
    }
    if (!isFollowed) return NOTHING;
    if (event.below) return ONLY_STALE;
    const [row] = event.rows;
    if (row !== undefined && !this.index.rows.has(row)) return ONLY_STALE;
    if (row !== undefined && this.isShown(row, view)) return this.entryOf(event, row);
    return change?.kind === 'taken-back' ? this.takenBack(event.actor, change, view) : NOTHING;
  }

  private takenBack(actor: number, { verb, times, rows, targets }: TakenBack, view: View | undefined) {
    if (!times) return ONLY_STALE;
    const known = rows.filter((row) => this.index.rows.has(row));
    const isHidden =
      view && (known.length > 0 ? known.every((row) => view.hides(row)) : hidesAny(view, [actor, ...targets]));
    if (isHidden) return NOTHING;
    const actor_name = this.index.users.names.get(actor);
    return times.map((time): StreamMessage => {
      return { event: 'removed', data: JSON.stringify({ actor_name, verb, time: fromMicroseconds(time) }) };
    });
  }

  /** Whether the viewer follows others from now on, or sees others. */
  private changesRelations({ actor, change }: LoggedEvent, { user }: FriendsViewer): boolean {
    if (change?.kind === 'follow') return actor === user;
    return change?.kind === 'hiding' && (actor === user || (change.isBlock && change.other === user));
  }

  /** Whether the feed may have rows that an event has changed, which `view` does not hide. */
  private isConcerned(event: LoggedEvent, { followees }: FriendsViewer, view?: View): boolean {
    const { actors, isBroad } = this.concerned.of(event);
    if (isBroad) return !view?.hidesUser(event.actor);
    const { rows } = this.index;
    const sees = (actor: number, some: readonly Row[] = []) =>
      hasUser(followees, actor) && some.some((row) => rows.has(row) && !view?.hides(row));
    return actors.size < followees.length
      ? Array.from(actors).some(([actor, some]) => sees(actor, some))
      : followees.some((actor) => sees(actor, actors.get(actor)));
  }

  private isShown(row: Row, view: View | undefined): boolean {
    const { rows, lists } = this.index;
    return !rows.isHidden(row) && !lists.isPending(row) && !view?.hides(row);
  }

  private viewOf({ reader, followees }: FriendsViewer): View | undefined {
    return this.index.viewers.viewOf(reader, 'unasked', followees);
  }

  /** Nothing if its actor has no name. */
  private entryOf(event: LoggedEvent, row: Row): readonly StreamMessage[] {
    if (this.entry?.event !== event) {
      const data = Buffer.from(readAtOnce(this.index.entryJson.write(Uint32Array.of(row)))).toString();
      this.entry = { event, message: data === '' ? undefined : { event: 'entry', data } };
    }
    return this.entry.message ? [this.entry.message] : NOTHING;
  }
}

const hidesAny = (view: View, users: readonly number[]) => users.some((user) => view.hidesUser(user));
