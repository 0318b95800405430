import type { ErrorCode, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import type { Appearances } from './appearances';
import { KnownOwners } from './known-owners';
import { Visibility } from './visibility';

const NOT_FOUND = 'OBJECT_NOT_FOUND';
/** Errors that only requests about existing objects get. */
const REVEALING: readonly ErrorCode[] = ['NOT_OWNER', 'NOT_DELETER'];

/** How an object appears to a caller. */
export interface ObjectAppearance {
  hidden: boolean;
  /** Whether the caller mutes its owner. */
  muted: boolean;
}

/**
 * Which objects exist for a caller: what is of a hidden user, or comments on something of one, does not. Every request
 * about an object asks here.
 */
@Injectable()
export class VisibleObjects {
  constructor(
    private readonly owners: KnownOwners,
    private readonly visibility: Visibility,
  ) {}

  /** In the order of `objects`; one that does not exist is hidden. `begun` as for FeedReads. Throws ApiError. */
  async each(
    objects: readonly ObjectRef[],
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<ObjectAppearance[]> {
    const owners = await this.owners.of(objects);
    const all = owners.flatMap((users) => users ?? []);
    const appearances = await this.visibility.of(all, request, reply, begun);
    return owners.map((users) => appearanceOf(users, appearances));
  }

  /**
   * Resolves as `read` does, with how its `object` appears to the caller. The first of these that happens: an error of the
   * feed, an error of `read`, OBJECT_NOT_FOUND if the object is hidden. So a hidden object is answered like one that does
   * not exist. Throws ApiError.
   */
  async visible<Value>(
    object: ObjectRef,
    read: Promise<Value>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<[Value, ObjectAppearance]> {
    // An error of `read` is thrown below.
    read.catch(() => undefined);
    const [owners] = await this.owners.of([object]);
    const appearances = await this.visibility.of(owners ?? [], request, reply);
    const value = await read.catch((error) => {
      throw error instanceof ApiError && error.code === NOT_FOUND ? appearances.notFound(NOT_FOUND) : error;
    });
    const appearance = appearanceOf(owners, appearances);
    if (appearance.hidden) throw appearances.notFound(NOT_FOUND);
    return [value, appearance];
  }

  /** Throws ApiError if an object is hidden from a user who is about to write about it; see `hiddenFrom`. */
  async assertVisible(user: User, object: ObjectRef): Promise<void> {
    const [error] = await this.hiddenFrom(user, [object]);
    if (error) throw error;
  }

  /**
   * For each of `objects` that is hidden from a user who is about to write about it, or does not exist, the error. Without
   * the feed none is hidden: reads hide what is written. Throws ApiError SERVICE_UNAVAILABLE without activity.
   */
  async hiddenFrom(user: User, objects: readonly ObjectRef[]): Promise<(ApiError | undefined)[]> {
    const owners = await this.owners.of(objects);
    const all = owners.flatMap((users) => users ?? []);
    const appearances = await this.visibility.forWrite(all, user).catch(unlessUnavailable);
    return owners.map((users) => {
      if (!appearances) return users ? undefined : new ApiError(NOT_FOUND);
      return !users || appearances.hides(users) ? appearances.notFound(NOT_FOUND) : undefined;
    });
  }

  /**
   * Resolves as `write` does, which is about `object`. To a user from whom the object is hidden, an error that reveals that
   * it exists becomes OBJECT_NOT_FOUND.
   */
  async concealing<Value>(user: User, object: ObjectRef, write: Promise<Value>): Promise<Value> {
    try {
      return await write;
    } catch (error) {
      if (error instanceof ApiError && REVEALING.includes(error.code)) await this.assertFound(user, object);
      throw error;
    }
  }

  /** Throws ApiError OBJECT_NOT_FOUND if an object is hidden from `user`, or SERVICE_UNAVAILABLE if that is unknown. */
  async assertFound(user: User, object: ObjectRef): Promise<void> {
    const [users] = await this.owners.of([object]);
    const appearances = await this.visibility.forWrite(users ?? [], user);
    if (!users || appearances.hides(users)) throw appearances.notFound(NOT_FOUND);
  }
}

function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE')) throw error;
}

const appearanceOf = (owners: readonly UserId[] | undefined, appearances: Appearances): ObjectAppearance => {
  const [owner] = owners ?? [];
  return { hidden: !owners || appearances.hides(owners), muted: owner !== undefined && appearances.mutes(owner) };
};
