import { FindUsers, type User, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';

const KEPT = 50_000;

/**
 * Looks up users by name at social-graph and keeps them: a name belongs to the same user for good. Unknown names are not
 * kept, since they may be registered at any time.
 */
@Injectable()
export class KnownUsers {
  private readonly kept = new LRUCache<string, UserId>({ max: KEPT });

  constructor(private readonly services: Services) {}

  /** Throws ApiError USER_NOT_FOUND or SERVICE_UNAVAILABLE. */
  async one(name: string): Promise<User> {
    const user = (await this.named([name])).get(name);
    if (!user) throw new ApiError('USER_NOT_FOUND');
    return user;
  }

  /** Those of the named users who exist, by name. Throws ApiError SERVICE_UNAVAILABLE. */
  async named(names: readonly string[]): Promise<Map<string, User>> {
    const users = new Map<string, User>();
    const missing: string[] = [];
    for (const name of names) {
      const id = this.kept.get(name);
      if (id === undefined) missing.push(name);
      else users.set(name, { id, name });
    }
    if (missing.length === 0) return users;
    for (const user of await this.services.ask(FindUsers, { names: missing })) {
      this.kept.set(user.name, user.id);
      users.set(user.name, user);
    }
    return users;
  }
}
