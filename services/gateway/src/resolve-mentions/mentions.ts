import { MENTIONS_MAX, type Mention, type User } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { KnownUsers } from '../find-users/known-users';
import { Visibility } from '../visibility/visibility';
import { findNames } from './find-names';

/** Resolves the mentions of a content when it is written. */
@Injectable()
export class Mentions {
  constructor(
    private readonly users: KnownUsers,
    private readonly visibility: Visibility,
  ) {}

  /**
   * The first mentions in `content` by `writer`, in its order. Only the first names are looked up. Names of nobody, and of
   * users who do not exist for the writer, are text. Throws ApiError SERVICE_UNAVAILABLE.
   */
  async resolve(content: string, writer: User): Promise<Mention[]> {
    const found = findNames(content);
    if (found.length === 0) return [];
    const names = [...new Set(found.map(({ name }) => name))].slice(0, MENTIONS_MAX);
    const users = await this.users.named(names);
    const ids = Array.from(users.values(), ({ id }) => id);
    // Without the feed nobody is known to be hidden; reads hide the content from them.
    const appearances = await this.visibility.forWrite(ids, writer).catch(() => undefined);
    return found
      .flatMap(({ name, start, end }) => {
        const user = users.get(name);
        return user && !appearances?.denies(user.id) ? [{ user, start, end }] : [];
      })
      .slice(0, MENTIONS_MAX);
  }
}
