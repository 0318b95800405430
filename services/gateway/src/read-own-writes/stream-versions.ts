import { type Source, type StreamPosition, StreamVersion } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';

/** Milliseconds within which the write services must tell versions: a read is answered without rather than late. */
export const ASK_LIMIT = 500;
/** Streams whose newest known version is kept. */
const KEPT_STREAMS = 100_000;
/** Streams that are asked for at a time. */
const MAX_ASKED = 128;

type Stream = Pick<StreamPosition, 'source' | 'stream'>;

/** One question for a stream's newest version, and the one after it. */
interface Asking {
  now: Promise<number | undefined>;
  next?: Promise<number | undefined>;
}

/** Whether versions exist that clients present: the newest known of each stream, and what its service says. */
@Injectable()
export class StreamVersions {
  private readonly newest = new LRUCache<string, number>({ max: KEPT_STREAMS });
  private readonly asked = new Map<string, Asking>();

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

  /** Whether `position` exists, asked of its service where it is not known; undefined when that does not answer. */
  async exists(position: StreamPosition): Promise<boolean | undefined> {
    if (this.has(position)) return true;
    const version = await this.ask(position);
    return this.has(position) ? true : version === undefined ? undefined : false;
  }

  /**
   * The newest version as of now: a question that is under way may have been answered already when the version in
   * question was written, so that all who come meanwhile share the next one.
   */
  private ask(stream: Stream): Promise<number | undefined> {
    const asking = this.asked.get(nameOf(stream));
    if (asking) {
      asking.next ??= asking.now.then(() => this.start(stream));
      return asking.next;
    }
    return this.asked.size < MAX_ASKED ? this.start(stream) : Promise.resolve(undefined);
  }

  private start({ source, stream }: Stream): Promise<number | undefined> {
    const name = nameOf({ source, stream });
    const now = this.askService({ source, stream }).finally(() => {
      if (this.asked.get(name)?.now === now) this.asked.delete(name);
    });
    this.asked.set(name, { now });
    return now;
  }

  private async askService({ source, stream }: Stream): Promise<number | undefined> {
    try {
      const version = await this.services.ask(StreamVersion[source as Source], { stream }, ASK_LIMIT);
      this.note({ source, stream, version });
      return version;
    } catch {
      return undefined;
    }
  }
}

const nameOf = ({ source, stream }: Stream) => `${source}.${stream}`;
