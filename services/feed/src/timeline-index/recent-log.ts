import {
  EVENT_SOURCES,
  type EventSource,
  type LogPlace,
  type LogPosition,
  type Microseconds,
} from '@activity-feed/contracts';
import type { LoggedChange } from './logged-change';
import type { Row } from './rows/activity-rows';

/** An event of the log, with what it changed in the index. */
export interface LoggedEvent {
  readonly place: LogPlace;
  readonly time: Microseconds;
  /** The user of its stream, by number. */
  readonly actor: number;
  /** The rows that it added: of its activity first, and of those whom it concerns. */
  readonly rows: readonly Row[];
  /** Whom those concern that were too old for memory when they arrived, by number; undefined if there are none. */
  readonly below?: readonly number[] | undefined;
  readonly change?: LoggedChange | undefined;
}

/** Events that are kept, of all partitions together. */
export const KEPT_EVENTS = 100_000;

interface Partition {
  readonly source: EventSource;
  readonly number: number;
  /** In the order of their offsets; those before `first` are not kept any more. */
  events: LoggedEvent[];
  first: number;
  /** Events are noted from this offset on. */
  begin: number;
  /** Those before this offset were dropped. */
  dropped: number;
}

/** The latest events of each partition, from which readers of the log learn what they have missed. */
export class RecentLog {
  private readonly partitions = Object.fromEntries(
    EVENT_SOURCES.map((source) => [source, [] as Partition[]]),
  ) as Record<EventSource, Partition[]>;
  /** The partitions of all kept events, in the order in which these were noted: a ring. */
  private readonly noted: Partition[] = [];
  private oldest = 0;

  constructor(private readonly most = KEPT_EVENTS) {}

  /** Called with each new event. */
  onNew: (event: LoggedEvent) => void = () => undefined;

  /** Notes that a partition's events are noted from an offset on, without gaps. */
  beginAt(source: EventSource, partition: number, offset: number): void {
    this.partitionOf(source, partition).begin = offset;
  }

  /** Notes the next event of a partition, a new one. Events that change nothing in the index need not be noted. */
  note(event: LoggedEvent): void {
    this.recall(event);
    this.onNew(event);
  }

  /** The same for an event that the index had before. */
  recall(event: LoggedEvent): void {
    const partition = this.partitionOf(event.place.source, event.place.partition);
    partition.events.push(event);
    if (this.noted.length < this.most) {
      this.noted.push(partition);
      return;
    }
    dropFirst(this.noted[this.oldest] as Partition);
    this.noted[this.oldest] = partition;
    this.oldest = (this.oldest + 1) % this.most;
  }

  /**
   * The wanted events from a position on. Those of a partition come in the order of their offsets, and those of several in the
   * order of their times, as far as that leaves it. Undefined if some events are not kept any more.
   */
  since(position: LogPosition, isWanted: (event: LoggedEvent) => boolean = () => true): LoggedEvent[] | undefined {
    const wanted: LoggedEvent[][] = [];
    for (const source of EVENT_SOURCES) {
      for (const partition of this.partitions[source]) {
        const from = position[source][partition.number] ?? 0;
        if (from < Math.max(partition.begin, partition.dropped)) return undefined;
        const ofPartition: LoggedEvent[] = [];
        for (let place = partition.events.length - 1, first = placeOf(partition, from); place >= first; place--) {
          const event = partition.events[place] as LoggedEvent;
          if (isWanted(event)) ofPartition.push(event);
        }
        if (ofPartition.length > 0) wanted.push(ofPartition);
      }
    }
    return inOrder(wanted);
  }

  private partitionOf(source: EventSource, number: number): Partition {
    const ofSource = this.partitions[source];
    // Without holes, whichever partition is noted first.
    while (ofSource.length <= number) {
      ofSource.push({ source, number: ofSource.length, events: [], first: 0, begin: 0, dropped: 0 });
    }
    return ofSource[number] as Partition;
  }
}

/** Dropped events are removed from the list together, as each removal moves all that follow. */
const REMOVED_AT_ONCE = 1_000;

function dropFirst(partition: Partition): void {
  const { offset } = (partition.events[partition.first] as LoggedEvent).place;
  partition.dropped = offset + 1;
  partition.first++;
  if (partition.first < REMOVED_AT_ONCE) return;
  partition.events = partition.events.slice(partition.first);
  partition.first = 0;
}

/** Of the first event at or after an offset. */
function placeOf({ events, first }: Partition, offset: number): number {
  let [from, to] = [first, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((events[middle] as LoggedEvent).place.offset < offset) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Takes the last of one of the lists, the earliest of them, until all are empty. */
function inOrder(lists: LoggedEvent[][]): LoggedEvent[] {
  const ordered: LoggedEvent[] = [];
  for (;;) {
    let earliest: LoggedEvent[] | undefined;
    for (const list of lists) {
      const time = list.at(-1)?.time;
      if (time !== undefined && (earliest === undefined || time < (earliest.at(-1)?.time as number))) earliest = list;
    }
    const event = earliest?.pop();
    if (!event) return ordered;
    ordered.push(event);
  }
}
