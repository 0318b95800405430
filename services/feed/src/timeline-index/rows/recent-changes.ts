import { createHash, randomUUID } from 'node:crypto';
import type { StreamPosition, UserId } from '@activity-feed/contracts';

/**
 * Milliseconds for which a change counts as recent, once the database has it: longer than the answers in Redis that were
 * computed before, 30 s and the time of computing them.
 */
const KEPT = 45_000;

/** Sums of hashes stay below 2^53. */
const MODULUS = 2 ** 48;

interface Change {
  readonly hash: number;
  /** When the database was found to have it, by performance.now. */
  readonly writtenAt: number;
}

/** Objects that were deleted or restored so recently that kept answers may not show it. */
export class RecentChanges {
  private readonly unwritten = new Map<string, StreamPosition>();
  /** Oldest first. */
  private readonly written: Change[] = [];
  /** Of the hashes of what is written, and of what is not. */
  private readonly sums = { written: 0, unwritten: 0 };
  private latest = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Notes that the event `version` of a stream deleted or restored an object. */
  note(stream: UserId, version: number): void {
    const position: StreamPosition = { source: 'activity', stream, version };
    const name = nameOf(position);
    if (this.unwritten.has(name)) return;
    this.unwritten.set(name, position);
    this.sums.unwritten = sum(this.sums.unwritten, hashOf(name));
    this.latest = this.now();
  }

  /** Notes that memory was loaded from the database, which has changes that are unknown here. */
  noteLoaded(): void {
    this.add(hashOf(randomUUID()));
  }

  /** When an object last changed, by performance.now; minus infinity if none has. */
  get latestAt(): number {
    return this.latest;
  }

  /** Those that the database may not have yet. */
  get toWrite(): StreamPosition[] {
    return [...this.unwritten.values()];
  }

  /** Notes that the database has the change at `position`. */
  wrote(position: StreamPosition): void {
    const name = nameOf(position);
    if (!this.unwritten.delete(name)) return;
    const hash = hashOf(name);
    this.sums.unwritten = sum(this.sums.unwritten, -hash);
    this.add(hash);
  }

  /**
   * The same in all processes with the same recent changes, whatever their order, and another one once the database has a
   * change; empty without any.
   */
  digest(): string {
    const since = this.now() - KEPT;
    let old = 0;
    for (const { hash, writtenAt } of this.written) {
      if (writtenAt > since) break;
      this.sums.written = sum(this.sums.written, -hash);
      old++;
    }
    this.written.splice(0, old);
    if (this.written.length === 0 && this.unwritten.size === 0) return '';
    return `~${this.sums.written.toString(36)}~${this.sums.unwritten.toString(36)}`;
  }

  private add(hash: number): void {
    this.written.push({ hash, writtenAt: this.now() });
    this.sums.written = sum(this.sums.written, hash);
    this.latest = this.now();
  }
}

const nameOf = ({ stream, version }: StreamPosition) => `${stream}:${version}`;

const hashOf = (name: string): number => createHash('sha1').update(name).digest().readUIntBE(0, 6);

const sum = (a: number, b: number): number => (a + b + MODULUS) % MODULUS;
