import { FindOwners, type ObjectRef, objectName, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';

const KEPT = 100_000;

/** Looks up the owners of objects at activity and keeps them, since they never change. */
@Injectable()
export class KnownOwners {
  private readonly kept = new LRUCache<string, UserId[]>({ max: KEPT });

  constructor(private readonly services: Services) {}

  /** To be called when `owner` has posted an object. */
  note(object: ObjectRef, owner: UserId): void {
    this.kept.set(objectName(object), [owner]);
  }

  /**
   * For each of `objects`, the users who own it or what it comments on; undefined for one that does not exist. Throws
   * ApiError SERVICE_UNAVAILABLE.
   */
  async of(objects: readonly ObjectRef[]): Promise<(UserId[] | undefined)[]> {
    // Not read from the cache again after the query: meanwhile it may have evicted some.
    const owners = objects.map((object) => this.kept.get(objectName(object)));
    const missing = [...objects.keys()].filter((place) => !owners[place]);
    if (missing.length === 0) return owners;
    const found = await this.services.ask(FindOwners, { objects: missing.map((place) => objects[place] as ObjectRef) });
    for (const [index, place] of missing.entries()) {
      const users = found[index] ?? undefined;
      owners[place] = users;
      if (users) this.kept.set(objectName(objects[place] as ObjectRef), users);
    }
    return owners;
  }
}
