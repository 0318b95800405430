import { setTimeout as pause } from 'node:timers/promises';
import { LOG_START, type LogPosition, type UnmarkedGroups, type UserId } from '@activity-feed/contracts';
import type { CurrentGroups } from '../read-notifications/read-notifications';
import type { TouchedGroup } from '../read-notifications/touched-groups';
import type { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { NotifiedChange } from './notified-changes';
import { OpenStream, type StreamOptions } from './open-stream';
import { STALE, type StreamMessage } from './stream-message';

export interface NotificationsStreamOptions {
  current(reader: UserId, touched: ReadonlyMap<string, TouchedGroup>): Promise<CurrentGroups>;
  changeOf(event: LoggedEvent, user: number): NotifiedChange | undefined;
  onError(error: unknown): void;
}

/** A stream pauses between reads for this many times the length of a read: a user may have very many notifications. */
const PAUSE = 10;
/** Groups that are sent at once: with more, the client loads the list again. */
const MOST_GROUPS = 100;

/** The notifications of a user, live. What events have changed is read in one go, with the counts. */
export class NotificationsStream extends OpenStream {
  private touched = new Map<string, TouchedGroup>();
  private isStale = false;
  private isDirty = false;
  private isReading = false;
  /** The newest position up to which all changes are noted. */
  private noted = LOG_START;
  private counts: string | undefined;

  constructor(
    private readonly options: NotificationsStreamOptions,
    stream: StreamOptions,
  ) {
    super(stream);
  }

  override take(event: LoggedEvent, position: LogPosition): void {
    if (!this.has(event.place) && this.note(event)) this.readAt(position);
  }

  override catchUp(events: readonly LoggedEvent[], position: MovingPosition): void {
    for (const event of events) this.note(event);
    position.passAll();
    this.readAt(position.position);
  }

  override begin(messages: readonly StreamMessage[], position: LogPosition): void {
    this.send(messages, position);
    this.readAt(position);
  }

  override makeStale(position: LogPosition): void {
    this.isStale = true;
    this.readAt(position);
  }

  /** Reads the counts, and sends them if they have changed. */
  recount(): void {
    this.isDirty = true;
    if (!this.isReading) this.read().catch((error) => this.fail(error));
  }

  override beat(position: LogPosition): void {
    // What is being read has to be sent before.
    this.sendBeat(this.isReading ? undefined : position);
  }

  private readAt(position: LogPosition): void {
    this.noted = position;
    this.recount();
  }

  /** Whether the event changes anything. */
  private note(event: LoggedEvent): boolean {
    const change = this.options.changeOf(event, this.user);
    if (change === undefined) return false;
    if (change === 'stale') this.isStale = true;
    else for (const [name, group] of change) this.touched.set(name, merged(this.touched.get(name), group));
    return true;
  }

  private async read(): Promise<void> {
    this.isReading = true;
    while (this.isDirty && !this.isOver) {
      const startedAt = performance.now();
      const isStale = this.isStale || this.touched.size > MOST_GROUPS;
      const touched = isStale ? new Map<string, TouchedGroup>() : this.touched;
      const { noted } = this;
      [this.touched, this.isStale, this.isDirty] = [new Map(), false, false];
      const current = await this.options.current(this.reader, touched);
      if (this.isOver) return;
      this.send([...(isStale ? [STALE] : changed(current)), ...this.counted(current.counts)], noted);
      await pause(PAUSE * (performance.now() - startedAt), undefined, { ref: false });
    }
    this.isReading = false;
  }

  private counted(counts: UnmarkedGroups): StreamMessage[] {
    const data = JSON.stringify(counts);
    if (data === this.counts) return [];
    this.counts = data;
    return [{ event: 'count', data }];
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.options.onError(error);
    this.end();
  }
}

/** The oldest first. */
const changed = ({ notifications, removed }: CurrentGroups): StreamMessage[] => [
  ...removed.map((group): StreamMessage => ({ event: 'removed', data: JSON.stringify({ group }) })),
  ...notifications.toReversed().map((one): StreamMessage => ({ event: 'notification', data: JSON.stringify(one) })),
];

const merged = (one: TouchedGroup | undefined, other: TouchedGroup): TouchedGroup =>
  one ? { day: one.day, lost: [...one.lost, ...other.lost], byAccount: one.byAccount || other.byAccount } : other;
