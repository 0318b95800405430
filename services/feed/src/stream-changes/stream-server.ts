import {
  decodeFeedPosition,
  type ErrorCode,
  FEED_STREAMS,
  isInLog,
  type LogPosition,
  STREAMED_PATHS,
  type StreamedList,
  type StreamQuery,
} from '@activity-feed/contracts';
import type { Publisher, SubscribeHandler } from '@activity-feed/link';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import type { LoadFollowees } from '../read-scope/load-followees';
import { eventsSince } from '../read-since/events-since';
import { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { ConcernedUsers } from './concerned';
import type { FriendsMessages } from './friends-messages';
import { FriendsStream } from './friends-stream';
import type { LiveStreams } from './live-streams';
import { NotificationsStream, type NotificationsStreamOptions } from './notifications-stream';
import type { Viewer } from './open-stream';
import { STALE } from './stream-message';

/** Milliseconds for which a client that resumes loads the list again after a mute of its user has ended. */
const MUTE_ENDED_WITHIN = 24 * 3_600_000;

export interface StreamServerOptions {
  index: TimelineIndex;
  streams: LiveStreams;
  concerned: ConcernedUsers;
  followees: LoadFollowees;
  versions: Pick<IndexedVersions, 'reach'>;
  messages: FriendsMessages;
  notifications: Omit<NotificationsStreamOptions, 'onError'>;
  /** Whether the index has caught up with the log. */
  isReady(): boolean;
  onError(error: unknown): void;
}

/** What a client has missed since its position; gone if that is not known any more. Undefined for a client that begins. */
type Missed = EventsMissed | 'gone' | undefined;

interface EventsMissed {
  readonly since: LogPosition;
  readonly events: readonly LoggedEvent[];
}

interface Opening {
  /** Whether the other side has ended it. */
  isOver: boolean;
  close(): void;
}

/** With what a stream is opened, all as of the same moment. */
interface Prepared {
  /** Only of friends feeds. */
  readonly followees: Uint32Array;
  readonly missed: Missed;
}

/** Opens streams: first what the client has missed since its position, then what happens. */
export class StreamServer {
  constructor(private readonly options: StreamServerOptions) {}

  readonly subscribe: SubscribeHandler = (operation, payload, publisher) => {
    const list = (Object.keys(FEED_STREAMS) as StreamedList[]).find((one) => FEED_STREAMS[one] === operation);
    const opening: Opening = { isOver: false, close: () => undefined };
    if (!list || !this.options.isReady()) publisher.end(errorReply('SERVICE_UNAVAILABLE'));
    else {
      const query = JSON.parse(payload.toString()) as StreamQuery;
      this.open(list, query, publisher, opening).catch((error) => {
        this.options.onError(error);
        publisher.end(errorReply('INTERNAL'));
      });
    }
    return () => {
      opening.isOver = true;
      opening.close();
    };
  };

  private async open(
    list: StreamedList,
    { reader, since, atLeast = [] }: StreamQuery,
    publisher: Publisher,
    opening: Opening,
  ): Promise<void> {
    const { index, streams, onError } = this.options;
    const viewer = { reader, user: index.users.number(reader) };
    const clock = new WaitClock(undefined);
    if (since === undefined) await this.options.versions.reach({ atLeast }, clock);
    for (;;) {
      const error = await this.prepare(list, viewer, since, clock);
      if (opening.isOver) return;
      if (error) return publisher.end(errorReply(error));
      // From here on, nothing happens in between.
      const prepared = this.find(list, viewer, since);
      if (typeof prepared === 'string') return publisher.end(errorReply(prepared));
      if (!prepared) continue;
      const stream = this.streamOf(list, viewer, publisher, prepared);
      stream.onEnd = streams.add(stream);
      opening.close = () => stream.close();
      try {
        this.begin(list, stream, prepared.missed);
      } catch (error) {
        onError(error);
        stream.end();
      }
      return;
    }
  }

  /** Waits for what is needed. Returns an error if it does not come in time. */
  private async prepare(
    list: StreamedList,
    { reader, user }: Viewer,
    since: string | undefined,
    clock: WaitClock,
  ): Promise<ErrorCode | undefined> {
    const { index, streams, concerned, followees } = this.options;
    const position = since === undefined ? undefined : decodeFeedPosition(since);
    // A reader that is behind would send again what the client has, or show what it must not see any more.
    if (position?.epoch === index.log.epoch && !(await streams.reach(position.log, clock)))
      return 'SERVICE_UNAVAILABLE';
    if (list === 'friends' && !index.follows.get(user)) {
      // Otherwise the database lacks a follow that the index has.
      if (!(await followees.load(reader, clock)).current) return 'SERVICE_UNAVAILABLE';
    }
    const missed = since === undefined ? undefined : eventsSince(index, since, (event) => !concerned.isKnown(event));
    if (typeof missed === 'object') await concerned.find(missed.events);
    return undefined;
  }

  /** Undefined if something has happened meanwhile, so that more is needed. */
  private find(list: StreamedList, viewer: Viewer, since: string | undefined): Prepared | ErrorCode | undefined {
    const { index, streams, concerned, messages } = this.options;
    const followees = list === 'friends' ? index.follows.get(viewer.user) : NOBODY;
    if (!followees) return undefined;
    if (index.viewers.isSuspended(viewer.user)) return 'USER_SUSPENDED';
    if (since === undefined) return { followees, missed: undefined };
    const mayConcern =
      list === 'friends'
        ? (event: LoggedEvent) => messages.mayConcern(event, { ...viewer, followees })
        : (event: LoggedEvent) => this.options.notifications.changeOf(event, viewer.user) !== undefined;
    // Those that wait are passed on to the stream when it is added.
    const passed = streams.position.position;
    const found = eventsSince(index, since, (event) => isInLog(event.place, passed) && mayConcern(event));
    if (found === 'POSITION_GONE') return { followees, missed: 'gone' };
    // The end of a mute is no event, and a position has no time.
    if (index.viewers.hasMuteEnded(viewer.user, MUTE_ENDED_WITHIN)) return { followees, missed: 'gone' };
    if (typeof found === 'string') return found;
    if (!found.events.every((event) => concerned.isKnown(event))) return undefined;
    return { followees, missed: { since: found.position, events: found.events } };
  }

  private streamOf(
    list: StreamedList,
    viewer: Viewer,
    publisher: Publisher,
    { followees, missed }: Prepared,
  ): FriendsStream | NotificationsStream {
    const { index, messages, notifications, onError } = this.options;
    const since = typeof missed === 'object' ? missed.since : undefined;
    const { epoch } = index.log;
    return list === 'friends'
      ? new FriendsStream(messages, { epoch, ...viewer, publisher, since }, followees)
      : new NotificationsStream({ ...notifications, onError }, { epoch, ...viewer, publisher, since });
  }

  private begin(list: StreamedList, stream: FriendsStream | NotificationsStream, missed: Missed): void {
    const { index, streams } = this.options;
    const { position } = streams;
    if (missed === undefined) {
      const newer_url = `${STREAMED_PATHS[list]}?since=${position.text}`;
      stream.begin([{ event: 'position', data: JSON.stringify({ newer_url }) }], position.position);
    } else if (missed === 'gone') stream.begin([STALE], position.position);
    else {
      const reached = { epoch: index.log.epoch, position: position.position };
      stream.catchUp(missed.events, new MovingPosition(reached, missed.since));
    }
    // Shows that the stream is open.
    stream.beat(position.position);
  }
}

const NOBODY = new Uint32Array();
