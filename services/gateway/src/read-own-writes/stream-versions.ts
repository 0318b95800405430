import { type Source, type StreamPosition, StreamVersion, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';

/** Milliseconds within which a service must answer: a read is answered without rather than late. */
const ASK_LIMIT = 500;
/** Streams whose newest known version is kept. */
const KEPT_STREAMS = 100_000;
/** Streams that are asked for at a time. */
const MAX_ASKED = 128;
/** Of one caller: more than the tokens of one request, and others have the rest. */
const MAX_ASKED_BY_CALLER = 32;
/** Streams of which is kept, for so many milliseconds, which version did not exist. */
const KEPT_REFUSALS = 10_000;
const REFUSAL_LIFE = 1_000;
/** Looked up at each use, so that tests can move it. */
const CLOCK = { now: () => performance.now() };

export type Stream = Pick<StreamPosition, 'source' | 'stream'>;

export interface Asker {
  caller: UserId;
  /** Whether every write is received that other gateways answer; otherwise a refused version may exist by now. */
  receivesAll: boolean;
}

/** One question for a stream's newest version, and the one after it. */
interface Asking {
  caller: UserId;
  now: Promise<number | undefined>;
  next?: Promise<number | undefined>;
}

/** Whether versions exist that clients present: the newest known of each stream, and what its service says. */
@Injectable()
export class StreamVersions {
  private readonly newest = new LRUCache<string, number>({ max: KEPT_STREAMS });
  private readonly asked = new Map<string, Asking>();
  /** The lowest version of a stream that did not exist a moment ago. */
  private refused = noRefusals();

  constructor(private readonly services: Services) {}

  /** Says that `position` exists. */
  note({ source, stream, version }: StreamPosition): void {
    const name = nameOf({ source, stream });
    if (version > (this.newest.get(name) ?? 0)) this.newest.set(name, version);
  }

  /** Whether `position` is known to exist. */
  has({ source, stream, version }: StreamPosition): boolean {
    return version <= (this.newest.get(nameOf({ source, stream })) ?? 0);
  }

  /**
   * Whether `position` exists, asked of its service where it is not known; undefined when that does not answer, or when
   * too many are asked for already.
   */
  async exists(position: StreamPosition, { caller, receivesAll }: Asker): Promise<boolean | undefined> {
    if (this.has(position)) return true;
    // Those of before the question: what is forgotten while it is under way is not to be kept by its answer.
    const { refused } = this;
    const name = nameOf(position);
    const lowest = () => refused.get(name) ?? Number.POSITIVE_INFINITY;
    if (receivesAll && position.version >= lowest()) return false;
    const version = await this.share(position, caller);
    if (this.has(position)) return true;
    if (version === undefined) return undefined;
    refused.set(name, Math.min(position.version, lowest()));
    return false;
  }

  /** Forgets what did not exist: it may since have been written without being received here. */
  forgetRefused(): void {
    this.refused = noRefusals();
  }

  /** The newest version of a stream, asked of its service. Rejects when that does not answer. */
  async ask({ source, stream }: Stream): Promise<number> {
    const version = await this.services.ask(StreamVersion[source as Source], { stream }, ASK_LIMIT);
    this.note({ source, stream, version });
    return version;
  }

  /**
   * The newest version as of now: a question that is under way may have been answered already when the version in
   * question was written, so that all who come meanwhile share the next one.
   */
  private share(stream: Stream, caller: UserId): Promise<number | undefined> {
    const asking = this.asked.get(nameOf(stream));
    if (asking) {
      asking.next ??= asking.now.then(() => this.start(stream, caller));
      return asking.next;
    }
    return this.isFullFor(caller) ? Promise.resolve(undefined) : this.start(stream, caller);
  }

  private isFullFor(caller: UserId): boolean {
    const callers = Array.from(this.asked.values(), (asking) => asking.caller);
    return callers.length >= MAX_ASKED || callers.filter((other) => other === caller).length >= MAX_ASKED_BY_CALLER;
  }

  private start(stream: Stream, caller: UserId): Promise<number | undefined> {
    const name = nameOf(stream);
    const now = this.ask(stream)
      .catch(() => undefined)
      .finally(() => {
        if (this.asked.get(name)?.now === now) this.asked.delete(name);
      });
    this.asked.set(name, { caller, now });
    return now;
  }
}

const noRefusals = () => new LRUCache<string, number>({ max: KEPT_REFUSALS, ttl: REFUSAL_LIFE, perf: CLOCK });

const nameOf = ({ source, stream }: Stream) => `${source}.${stream}`;
