import type { Listed, ObjectRef } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { fillPage, type Page, type Part } from './fill-page';
import { KnownOwners } from './known-owners';
import { Visibility } from './visibility';

export interface ReadList<Entry> {
  /** What the list is about. */
  object: ObjectRef;
  /** In a list of shares, mutes of shares count too. */
  list: 'likes' | 'shares' | 'comments';
  /** Reads `count` entries after `cursor`. */
  read(count: number, cursor: string | undefined): Promise<Part<Partial<Listed> & Entry>>;
}

/** Lists of what users did about an object, without what is hidden from the caller. */
@Injectable()
export class VisibleLists {
  constructor(
    private readonly owners: KnownOwners,
    private readonly visibility: Visibility,
  ) {}

  /**
   * Marks entries of users whom the caller mutes. Throws ApiError, OBJECT_NOT_FOUND if the object is hidden, with the
   * precedence of VisibleObjects.
   */
  async page<Entry>(
    { object, list, read }: ReadList<Entry>,
    page: Page,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Part<Entry & Listed & { muted?: true }>> {
    const begun = performance.now();
    const [owners] = await this.owners.of([object]);
    const show = async (entries: (Partial<Listed> & Entry)[]) => {
      if (!entries.every(isListed))
        throw new ApiError('SERVICE_UNAVAILABLE', {}, { cause: new Error('older activity') });
      const users = entries.map(({ user_id }) => user_id);
      const appearances = await this.visibility.of([...(owners ?? []), ...users], request, reply, begun);
      if (!owners || appearances.hides(owners)) throw appearances.notFound('OBJECT_NOT_FOUND');
      return entries
        .filter(({ user_id }) => !appearances.hides([user_id]))
        .map((entry) =>
          appearances.mutes(entry.user_id, list === 'shares') ? { ...entry, muted: true as const } : entry,
        );
    };
    // An error of the feed comes first, as if the object were hidden.
    const readFirst: typeof read = async (count, cursor) => {
      try {
        return await read(count, cursor);
      } catch (error) {
        const appearances = await this.visibility.of([], request, reply, begun);
        throw error instanceof ApiError && error.code === 'OBJECT_NOT_FOUND' ? appearances.notFound(error.code) : error;
      }
    };
    return fillPage(page, readFirst, show);
  }
}

/** Activity of the previous version does not say who did what. */
const isListed = <Entry>(entry: Partial<Listed> & Entry): entry is Entry & Listed => entry.user_id !== undefined;
