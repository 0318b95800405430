import {
  NewestVersions,
  type Source,
  type StreamPosition,
  StreamVersion,
  type UserId,
  type WriteService,
} from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';

/** Milliseconds to wait for a service: a read is better answered without its answer than late. */
const ASK_LIMIT = 500;
/** Maximum streams whose newest known version is cached. */
const KEPT_STREAMS = 100_000;
/** Maximum concurrent queries. */
const MAX_ASKED = 128;
/** Maximum concurrent queries of one caller; more than the tokens of one request. */
const MAX_ASKED_BY_CALLER = 32;
/** Maximum streams, and milliseconds, for which a version is cached as not existing. */
const KEPT_REFUSALS = 10_000;
const REFUSAL_LIFE = 1_000;
/** Resolved at each call, so that tests can fake it. */
const CLOCK = { now: () => performance.now() };

export type Stream = Pick<StreamPosition, 'source' | 'stream'>;

export interface Asker {
  caller: UserId;
  /** Whether announcements of all gateways are received; otherwise a refused version may exist by now. */
  receivesAll: boolean;
}

/** The current query for a stream's newest version, and the next one. */
interface Asking {
  caller: UserId;
  now: Promise<number | undefined>;
  next?: Promise<number | undefined>;
}

/** Checks whether versions from clients exist, by a cache of the newest versions and by asking the services. */
@Injectable()
export class StreamVersions {
  private readonly newest = new LRUCache<string, number>({ max: KEPT_STREAMS });
  private readonly asked = new Map<string, Asking>();
  /** By stream, the lowest version that recently did not exist. */
  private refused = noRefusals();

  constructor(private readonly services: Services) {}

  /** Records that `position` exists. */
  note({ source, stream, version }: StreamPosition): void {
    const name = nameOf({ source, stream });
    if (version > (this.newest.get(name) ?? 0)) this.newest.set(name, version);
  }

  /** Whether `position` is known to exist. */
  has({ source, stream, version }: StreamPosition): boolean {
    return version <= (this.newest.get(nameOf({ source, stream })) ?? 0);
  }

  /**
   * Whether `position` exists; asks the service if necessary. Undefined if the service does not answer or too many
   * queries are in progress.
   */
  async exists(position: StreamPosition, { caller, receivesAll }: Asker): Promise<boolean | undefined> {
    if (this.has(position)) return true;
    // The cache from before the query: if it is cleared in the meantime, the answer must not be cached.
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

  /** Clears the refused versions: they may have been written without being received here. */
  forgetRefused(): void {
    this.refused = noRefusals();
  }

  /** Asks the service for the newest version of a stream. Rejects if it does not answer. */
  async ask({ source, stream }: Stream): Promise<number> {
    const version = await this.services.ask(StreamVersion[source as Source], { stream }, ASK_LIMIT);
    this.note({ source, stream, version });
    return version;
  }

  /** Asks a service for the newest versions of a user's streams. Rejects if it does not answer. */
  async askAll(service: WriteService, stream: UserId): Promise<StreamPosition[]> {
    const versions = await this.services.ask(NewestVersions[service], { stream }, ASK_LIMIT);
    const positions = versions.map(({ source, version }) => ({ source, stream, version }));
    for (const position of positions) this.note(position);
    return positions;
  }

  /**
   * The newest version as of now. A query in progress may be older than the version in question, so all callers that
   * arrive during a query share the next one.
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
