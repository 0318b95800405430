import { hasAll, type LogPosition, STREAM_HEARTBEAT, type StreamedList } from '@activity-feed/contracts';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { WaitClock } from '../read-own-writes/wait-clock';
import { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import { changed } from '../timeline-index/rows/follow-lists';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { ConcernedUsers } from './concerned';
import { FriendsStream } from './friends-stream';
import { MuteEnds } from './mute-ends';
import { NotificationsStream } from './notifications-stream';
import type { OpenStream } from './open-stream';

/** Milliseconds between rounds of heartbeats: in each, some of the streams get theirs. */
const ROUND = 1_000;
const ROUNDS = STREAM_HEARTBEAT / ROUND;

/**
 * The open streams of this reader. An event is passed on to those that it concerns, which are found by its actor and by the users
 * that it concerns, in the order of the log. Whom some events concern must be searched for; until then, those behind them
 * wait.
 */
export class LiveStreams implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Streams of friends feeds, by followee. */
  private readonly byFollowee = new Map<number, Set<FriendsStream>>();
  private readonly byUser = new Map<number, Set<OpenStream>>();
  private readonly rounds = Array.from({ length: ROUNDS }, () => new Set<OpenStream>());
  private round = 0;
  private opened = 0;
  private queue: LoggedEvent[] = [];
  private searching: Promise<void> | undefined;
  /** Wake those who wait for more of the log. */
  private readonly waiting = new Set<(isThere: true) => void>();
  private readonly passed: MovingPosition;
  private readonly muteEnds: MuteEnds;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly index: TimelineIndex,
    private readonly concerned: ConcernedUsers,
    private readonly onError: (error: unknown) => void,
  ) {
    this.passed = new MovingPosition(index.log, index.log.position);
    this.muteEnds = new MuteEnds(index.viewers, (user) => this.makeStale(user));
    index.recentLog.onNew = (event) => {
      // Those that wait are passed on to whoever comes next.
      if (this.byUser.size > 0 || this.queue.length > 0) this.queue.push(event);
    };
    index.notifications.onMarks = (user) => {
      for (const stream of this.byUser.get(user) ?? []) if (stream instanceof NotificationsStream) stream.recount();
    };
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.beat(), ROUND).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The number of open streams of each list. */
  count(): Record<StreamedList, number> {
    const all = [...this.rounds].flatMap((round) => [...round]);
    const friends = all.filter((stream) => stream instanceof FriendsStream).length;
    return { friends, notifications: all.length - friends };
  }

  /** Whether events wait until it is known whom they concern. */
  get isWaiting(): boolean {
    return this.queue.length > 0;
  }

  /** What has been passed on of the log. */
  get position(): MovingPosition {
    if (this.queue.length === 0) this.passed.passAll();
    return this.passed;
  }

  /** Waits until the index has everything before a position. */
  async reach(position: LogPosition, clock: WaitClock): Promise<boolean> {
    while (!hasAll(this.index.log.position, position)) {
      const { promise, resolve } = Promise.withResolvers<true>();
      this.waiting.add(resolve);
      const isInTime = await clock.within(promise);
      this.waiting.delete(resolve);
      if (!isInTime) return false;
    }
    return true;
  }

  /** To be called after every event that the index has. */
  dispatch(): void {
    for (const wake of this.waiting) wake(true);
    if (this.searching || (this.byUser.size === 0 && this.queue.length === 0)) return;
    for (let event = this.queue[0]; event; event = this.queue[0]) {
      if (!this.concerned.isKnown(event)) {
        this.searching = this.search();
        return;
      }
      this.queue.shift();
      this.passed.pass(event.place);
      this.pass(event);
    }
    this.passed.passAll();
  }

  /** Passes events on to a stream, from {@link position} on. Returns how to end that. */
  add(stream: OpenStream): () => void {
    const round = this.rounds[this.opened++ % ROUNDS] as Set<OpenStream>;
    round.add(stream);
    put(this.byUser, stream.user, stream);
    this.muteEnds.watch(stream.user);
    if (stream instanceof FriendsStream) for (const one of stream.followees) put(this.byFollowee, one, stream);
    return () => {
      round.delete(stream);
      take(this.byUser, stream.user, stream);
      if (!this.byUser.has(stream.user)) this.muteEnds.forget(stream.user);
      if (stream instanceof FriendsStream) for (const one of stream.followees) take(this.byFollowee, one, stream);
    };
  }

  /** Ends all streams, whose gateways subscribe again: events were missed. */
  endAll(): void {
    this.queue = [];
    for (const streams of [...this.byUser.values()]) for (const stream of [...streams]) stream.end();
  }

  private async search(): Promise<void> {
    try {
      // Those that arrive meanwhile are searched for together.
      await this.concerned.find([...this.queue]);
    } catch (error) {
      this.onError(error);
      this.endAll();
    }
    this.searching = undefined;
    this.dispatch();
  }

  private pass(event: LoggedEvent): void {
    const { change } = event;
    const streams = new Set<OpenStream>();
    for (const user of this.concernedUsers(event)) for (const one of this.byUser.get(user) ?? []) streams.add(one);
    const { actors, isBroad } = this.concerned.of(event);
    if (isBroad) for (const ofUser of this.byUser.values()) for (const one of ofUser) streams.add(one);
    for (const actor of [event.actor, ...actors.keys()])
      for (const one of this.byFollowee.get(actor) ?? []) streams.add(one);
    const { position } = this.passed;
    for (const stream of streams) this.send(stream, () => stream.take(event, position));
    if (change?.kind === 'follow') this.follow(event.actor, change.followee, change.following);
    if (change?.kind === 'hiding' && this.byUser.has(event.actor)) this.muteEnds.watch(event.actor);
    if (change?.kind === 'account' && this.index.viewers.isSuspended(event.actor)) {
      for (const stream of [...(this.byUser.get(event.actor) ?? [])]) stream.refuse('USER_SUSPENDED');
    }
  }

  private makeStale(user: number): void {
    const { position } = this.position;
    for (const stream of [...(this.byUser.get(user) ?? [])]) this.send(stream, () => stream.makeStale(position));
  }

  private send(stream: OpenStream, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.onError(error);
      stream.end();
    }
  }

  /** Those whose streams of either kind it may concern, apart from followers of its actor. */
  private concernedUsers(event: LoggedEvent): Iterable<number> {
    const { actor, rows, below = [], change } = event;
    const { rows: all } = this.index;
    const users = [actor, ...below, ...rows.flatMap((row) => (all.has(row) ? all.targetOf(row) : []))];
    switch (change?.kind) {
      case 'taken-back':
        return [...users, ...change.targets];
      case 'object':
      case 'account':
        return [...users, ...this.concerned.of(event).groups.keys()];
      case 'follow':
        return [...users, change.followee];
      case 'request-ended':
        return [...users, change.target];
      case 'hiding':
        return [...users, change.other];
      default:
        return users;
    }
  }

  private follow(user: number, followee: number, following: boolean): void {
    for (const stream of this.byUser.get(user) ?? []) {
      if (!(stream instanceof FriendsStream)) continue;
      stream.followees = changed(stream.followees, followee, following);
      if (following) put(this.byFollowee, followee, stream);
      else take(this.byFollowee, followee, stream);
    }
  }

  private beat(): void {
    this.round = (this.round + 1) % ROUNDS;
    const { position } = this.position;
    for (const stream of this.rounds[this.round] as Set<OpenStream>) stream.beat(position);
  }
}

function put<Stream>(map: Map<number, Set<Stream>>, key: number, stream: Stream): void {
  const known = map.get(key);
  if (known) known.add(stream);
  else map.set(key, new Set([stream]));
}

function take<Stream>(map: Map<number, Set<Stream>>, key: number, stream: Stream): void {
  const known = map.get(key);
  known?.delete(stream);
  if (known?.size === 0) map.delete(key);
}
