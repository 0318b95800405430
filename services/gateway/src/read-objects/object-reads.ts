import { type Engagement, FindObject, FindObjects, type ObjectRef } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { FeedReads } from '../read-feed/feed-reads';
import { Services } from '../services/services';
import { type ObjectAppearance, VisibleObjects } from '../visibility/visible-objects';
import { type ObjectAnswer, toObjectAnswer } from './object-answer';

/** Reads objects: their content from activity, their counts and who may see them from the feed, all at once. */
@Injectable()
export class ObjectReads {
  constructor(
    private readonly services: Services,
    private readonly feed: FeedReads,
    private readonly visible: VisibleObjects,
  ) {}

  /** Marks `reply` if the counts lack a write that the caller must see. Throws ApiError. */
  async one(object: ObjectRef, request: FastifyRequest, reply: FastifyReply): Promise<ObjectAnswer> {
    const reader = callerOf(request).user.id;
    const counts = this.feed.read('engagement', { object }, request, reply);
    const found = this.services.ask(FindObject, { object, reader });
    // The feed would wait until memory has no activity about a deleted object, whose counts are known to be 0.
    const needed = found.then(({ deletion }) => (deletion ? '{}' : counts));
    const engagement = Promise.race([counts, needed]);
    // Its error is thrown after those of the object.
    engagement.catch(() => undefined);
    const [one, { muted }] = await this.visible.visible(object, found, request, reply);
    return toObjectAnswer(one, JSON.parse(await engagement) as Engagement, muted);
  }

  /** The same for several objects, in their order; null for one that does not exist for the caller. `begun` as for `FeedReads.read`. */
  async each(
    objects: ObjectRef[],
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<(ObjectAnswer | null)[]> {
    if (objects.length === 0) return [];
    const reader = callerOf(request).user.id;
    const [counts, found, appearances] = await Promise.all([
      this.feed.read('engagements', { objects }, request, reply, begun),
      this.services.ask(FindObjects, { objects, reader }),
      this.visible.each(objects, request, reply, begun),
    ]);
    const engagements = JSON.parse(counts) as Engagement[];
    return found.map((object, place) => {
      const { hidden, muted } = appearances[place] as ObjectAppearance;
      return object && !hidden ? toObjectAnswer(object, engagements[place] as Engagement, muted) : null;
    });
  }
}
