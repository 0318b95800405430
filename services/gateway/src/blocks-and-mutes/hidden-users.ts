import { FindHidden, type HiddenList, type User } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import type { HiddenAnswer } from './describe-hidden';

/** Answers requests for the lists of users whom the caller blocks or mutes. */
@Injectable()
export class HiddenUsers {
  constructor(private readonly services: Services) {}

  /** Throws ApiError. */
  async page(list: HiddenList, { id: reader }: User, { query, headers }: FastifyRequest): Promise<HiddenAnswer> {
    const { limit: count, cursor: after } = query as Record<string, unknown>;
    const { limit, cursor, nextUrl } = readPageRequest(`/me/${list}`, { limit: count, cursor: after });
    // Only validated: social-graph records blocks and mutes itself, so every write is visible there.
    readTokens(headers[TOKEN_HEADER]);
    const { users, next } = await this.services.ask(FindHidden, { list, reader, limit, cursor });
    const shown = users.map(({ only, until, ...user }) => ({
      ...user,
      ...(only && { only }),
      ...(until && { until }),
    }));
    return { users: shown, next_url: next === undefined ? '' : nextUrl + next };
  }
}
