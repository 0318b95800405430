import { FindUser, type StreamPosition, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { WrittenVersions } from '../read-own-writes/written-versions';
import { Services } from '../services/services';
import { ProfileText } from './profile-text';

/** Milliseconds for which a profile is kept: what was recorded but never announced is shown after that. */
const LIFE = 60_000;
/** Characters of all kept profiles; a followee takes up to eleven. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;
/** What a profile takes besides its text, in characters. */
const ENTRY = 500;
/** Resolved at each call, so that tests can fake it. */
const CLOCK = { now: () => performance.now() };

interface Kept {
  text: ProfileText;
  /** The newest position of the user when social-graph was asked. */
  position: StreamPosition;
}

/**
 * Users' own profiles, kept in this process. Every change of a profile is an event of its user's stream, and announced to all
 * gateways before it is answered. So a profile is up to date while its user's newest known position stays the same.
 */
@Injectable()
export class OwnProfiles {
  private readonly kept = new LRUCache<UserId, Kept>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => text.length + ENTRY,
    ttl: LIFE,
    perf: CLOCK,
  });

  constructor(
    private readonly services: Services,
    private readonly written: WrittenVersions,
  ) {}

  /** The profile of `user` from memory; undefined if it may lack a change that was answered. */
  known(user: UserId): ProfileText | undefined {
    const position = this.written.position('social-graph', user);
    if (!position) return undefined;
    const kept = this.kept.get(user);
    return kept?.position === position ? kept.text : undefined;
  }

  /** Asks social-graph for the profile of `user`. Throws ApiError SERVICE_UNAVAILABLE. */
  async ask(user: UserId): Promise<ProfileText> {
    // Before asking: the answer shows this position, or a later one.
    const position = this.written.position('social-graph', user);
    // The answer to the next request can then be kept.
    if (!position && this.written.receivesAll) void this.written.newest(user);
    const text = new ProfileText(await this.services.ask(FindUser, { id: user }));
    if (position) this.kept.set(user, { text, position });
    return text;
  }
}
