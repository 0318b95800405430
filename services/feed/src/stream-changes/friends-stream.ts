import type { LogPosition } from '@activity-feed/contracts';
import type { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { FriendsMessages, FriendsViewer } from './friends-messages';
import { OpenStream, type StreamOptions } from './open-stream';
import { STALE, type StreamMessage } from './stream-message';

/** Bytes after which a client that has missed more is to subscribe again, once it has received them. */
const CAUGHT_UP_AT_ONCE = 32 * 1024;
/** Events that a client can have missed: after more, it loads the feed again. */
const MISSED_MOST = 2_000;

/** The friends feed of a user, live. */
export class FriendsStream extends OpenStream implements FriendsViewer {
  constructor(
    private readonly messages: FriendsMessages,
    options: StreamOptions,
    public followees: Uint32Array,
  ) {
    super(options);
  }

  override take(event: LoggedEvent, position: LogPosition): void {
    if (!this.has(event.place)) this.send(this.messages.of(event, this), position);
  }

  override catchUp(events: readonly LoggedEvent[], position: MovingPosition): void {
    const isTooMuch = events.length > MISSED_MOST;
    const missed = isTooMuch ? [] : events.map((event) => ({ event, messages: this.messages.of(event, this) }));
    if (isTooMuch || missed.some(({ messages }) => messages.includes(STALE))) {
      // The client loads the feed again, with all of the others.
      position.passAll();
      this.send([STALE], position.position);
      return;
    }
    let sent = 0;
    for (const { event, messages } of missed) {
      if (sent >= CAUGHT_UP_AT_ONCE) {
        this.end();
        return;
      }
      position.pass(event.place);
      sent += this.send(messages, position.position);
    }
  }

  override begin(messages: readonly StreamMessage[], position: LogPosition): void {
    this.send(messages, position);
  }

  override makeStale(position: LogPosition): void {
    this.send([STALE], position);
  }

  override beat(position: LogPosition): void {
    this.sendBeat(position);
  }
}
