import { MENTIONS_MAX, type Mention } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { KnownUsers } from '../find-users/known-users';
import { findNames } from './find-names';

/** Resolves the mentions of a content when it is written. */
@Injectable()
export class Mentions {
  constructor(private readonly users: KnownUsers) {}

  /**
   * The first mentions in `content`, in its order. Only the first names are looked up, and names of nobody are text.
   * Throws ApiError SERVICE_UNAVAILABLE.
   */
  async resolve(content: string): Promise<Mention[]> {
    const found = findNames(content);
    if (found.length === 0) return [];
    const names = [...new Set(found.map(({ name }) => name))].slice(0, MENTIONS_MAX);
    const users = await this.users.named(names);
    return found
      .flatMap(({ name, start, end }) => {
        const user = users.get(name);
        return user ? [{ user, start, end }] : [];
      })
      .slice(0, MENTIONS_MAX);
  }
}
