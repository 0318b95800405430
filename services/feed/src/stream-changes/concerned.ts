import { groupOf } from '../read-notifications/group-of-row';
import { type TouchedGroup, touch } from '../read-notifications/touched-groups';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import { NO_USER } from '../timeline-index/rows/new-row';
import { rowsAbout, rowsOfUsers } from '../timeline-index/rows/scan-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';

/** Whom an event concerns, by number. */
export interface Concerned {
  /** Rows of each actor, {@link MOST_ROWS} at most. */
  readonly actors: ReadonlyMap<number, readonly Row[]>;
  /** The groups of notifications of each user, by name. */
  readonly groups: ReadonlyMap<number, ReadonlyMap<string, TouchedGroup>>;
  /** Whether it may concern others too: there were more than {@link MOST_USERS}. */
  readonly isBroad: boolean;
}

const NOBODY: Concerned = { actors: new Map(), groups: new Map(), isBroad: false };
/** Actors, and users with groups, that are kept of an event: memory keeps very many events. */
const MOST_USERS = 10_000;
/** Rows that are kept of an actor, to judge whether somebody sees one of them. */
const MOST_ROWS = 8;

/**
 * Whom events concern that may change any rows: deletions and restores, suspensions, and accounts that become private or public.
 * Such rows cannot be found otherwise: all are looked at, once for all events that wait for it.
 */
export class ConcernedUsers {
  private readonly known = new WeakMap<LoggedEvent, Concerned>();
  private wanted = new Set<LoggedEvent>();
  private search: Promise<void> | undefined;

  constructor(private readonly index: TimelineIndex) {}

  isKnown(event: LoggedEvent): boolean {
    return !isSearched(event) || this.known.has(event);
  }

  of(event: LoggedEvent): Concerned {
    return this.known.get(event) ?? NOBODY;
  }

  /** Looks at the rows, in turns. */
  async find(events: readonly LoggedEvent[]): Promise<void> {
    const unknown = events.filter((event) => !this.isKnown(event));
    for (const event of unknown) this.wanted.add(event);
    while (unknown.some((event) => !this.known.has(event))) {
      this.search ??= this.begin().finally(() => {
        this.search = undefined;
      });
      await this.search;
    }
  }

  private async begin(): Promise<void> {
    const searches = Array.from(this.wanted, (event) => new Search(this.index, event));
    this.wanted = new Set();
    await inTurns(lookThrough(this.index, searches));
    for (const search of searches) this.known.set(search.event, search);
  }
}

const isSearched = ({ change }: LoggedEvent) => change?.kind === 'object' || change?.kind === 'account';

class Search implements Concerned {
  readonly actors = new Map<number, Row[]>();
  readonly groups = new Map<number, Map<string, TouchedGroup>>();
  isBroad = false;

  constructor(
    private readonly index: TimelineIndex,
    readonly event: LoggedEvent,
  ) {}

  add(row: Row): void {
    const { rows } = this.index;
    const [actor, target] = [rows.actorOf(row), rows.targetOf(row)];
    const ofActor = this.actors.get(actor) ?? [];
    if (ofActor.length < MOST_ROWS && this.mayKeep(this.actors, actor)) this.actors.set(actor, [...ofActor, row]);
    if (target === NO_USER || target === actor || !this.mayKeep(this.groups, target)) return;
    const groups = this.groups.get(target) ?? new Map<string, TouchedGroup>();
    this.groups.set(target, groups);
    touch(groups, groupOf(this.index, row), row, this.event.change?.kind === 'account');
  }

  private mayKeep(users: ReadonlyMap<number, unknown>, user: number): boolean {
    if (users.size < MOST_USERS || users.has(user)) return true;
    this.isBroad = true;
    return false;
  }
}

function* lookThrough(index: TimelineIndex, searches: readonly Search[]): Generator<undefined, void> {
  const { rows } = index;
  const [objects, accounts] = [new Map<number, Search[]>(), new Map<number, Search[]>()];
  for (const search of searches) {
    const { actor, change } = search.event;
    const [map, key] = change?.kind === 'object' ? [objects, change.key] : [accounts, actor];
    map.set(key, [...(map.get(key) ?? []), search]);
  }
  const [keys, users] = [new Set(objects.keys()), new Set(accounts.keys())];
  for (const first of rows.everySegment()) {
    const segment = rows.segmentAt(first);
    if (!segment) continue;
    for (const row of keys.size > 0 ? rowsAbout(rows, segment, keys) : []) {
      for (const key of rows.keysOf(row)) for (const search of objects.get(key) ?? []) search.add(row);
    }
    for (const row of users.size > 0 ? rowsOfUsers(rows, segment, users) : []) {
      const involved = new Set([rows.actorOf(row), rows.targetOf(row), rows.rootOwnerOf(row) ?? NO_USER]);
      for (const user of involved) for (const search of accounts.get(user) ?? []) search.add(row);
    }
    yield;
  }
}
