import { type EventSource, isState, type Source, TOPICS, toMicroseconds } from '@activity-feed/contracts';
import type { PartitionPlace } from '@activity-feed/eventing';
import type { Effects } from '../activity/effects';
import { concernedBy } from '../timeline-index/apply-effects';
import { changeBy } from '../timeline-index/logged-change';
import { KEPT_EVENTS } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';

interface Recalled {
  readonly source: EventSource;
  readonly partition: number;
  /** The first offset that the snapshot does not have. */
  readonly end: number;
  /** Everything before is recalled. */
  next: number;
  /** The offset of the first event that the log still has. */
  begin: number | undefined;
}

/**
 * The last events before the loaded snapshot are read from the log again, so that those who continue from an earlier position
 * learn what they have missed. They change nothing in the index, which has their rows already.
 */
export class Recall {
  private readonly partitions = new Map<string, Recalled>();
  /** The rows of these events, by place. */
  private readonly rows = new Map<string, Row[]>();

  /** `places`: all partitions of the topics of each source; `startOffset`: the offsets of the snapshot. */
  constructor(
    private readonly index: TimelineIndex,
    places: readonly (PartitionPlace & { source: Source })[],
    startOffset: (place: PartitionPlace) => bigint,
  ) {
    const recalled = places.filter(({ source }) => !isState(source));
    const most = Math.floor(KEPT_EVENTS / Math.max(recalled.length, 1));
    for (const place of recalled) {
      const source = place.source as EventSource;
      const { partition } = place;
      const end = Number(startOffset(place));
      const from = Math.max(end - most, 0);
      this.partitions.set(nameOf(source, partition), { source, partition, end, next: from, begin: undefined });
      index.recentLog.beginAt(source, partition, end);
    }
    this.findRows();
  }

  /** The offset from which a partition is read. */
  nextOf(source: Source, partition: number): number | undefined {
    return this.partitions.get(nameOf(source, partition))?.next;
  }

  /** Whether all are recalled of those that the log still has. `startOf`: where it begins. */
  isDone(startOf: (place: PartitionPlace) => bigint): boolean {
    for (const { source, partition, next, end } of this.partitions.values()) {
      if (next < end && startOf({ topic: TOPICS[source], partition }) < end) return false;
    }
    return true;
  }

  /** Notes the events of the next messages of a partition: `first` is the offset of the first of these, and `last` of the last. */
  take(source: Source, partition: number, effects: readonly Effects[], first: bigint, last: bigint): void {
    const recalled = this.partitions.get(nameOf(source, partition));
    if (!recalled) return;
    for (const event of effects) this.note(recalled, event);
    recalled.begin ??= Number(first);
    recalled.next = Number(last) + 1;
    if (recalled.next >= recalled.end) this.index.recentLog.beginAt(recalled.source, partition, recalled.begin);
  }

  private note({ source, partition }: Recalled, effects: Effects): void {
    const { stream, offset, time, activity, notices = [] } = effects;
    if (offset === undefined || time === undefined) return;
    const { users, rows: all, floor, recentLog } = this.index;
    const change = changeBy(effects, users, (row) => all.timeOf(row));
    const name = nameOf(source, partition, offset);
    const rows = this.rows.get(name) ?? [];
    this.rows.delete(name);
    const at = toMicroseconds(time);
    const hasRows = activity !== undefined || notices.length > 0;
    // Otherwise the activity was taken back, or the message is a repeated one.
    const below = hasRows && rows.length === 0 && at <= floor ? concernedBy(effects, users) : undefined;
    if (rows.length === 0 && !below && !change) return;
    const place = { source, partition, offset };
    recentLog.recall({ place, time: at, actor: users.number(stream), rows, below, change });
  }

  private findRows(): void {
    const { rows } = this.index;
    for (const first of rows.everySegment()) {
      const count = rows.segmentAt(first)?.count ?? 0;
      for (let index = 0; index < count; index++) {
        const row = (first + index) >>> 0;
        const place = rows.placeOf(row);
        if (!place || place.offset < (this.nextOf(place.source, place.partition) ?? Number.POSITIVE_INFINITY)) continue;
        const name = nameOf(place.source, place.partition, place.offset);
        const known = this.rows.get(name);
        if (known) known.push(row);
        else this.rows.set(name, [row]);
      }
    }
  }
}

const nameOf = (...parts: (string | number)[]) => parts.join('/');
