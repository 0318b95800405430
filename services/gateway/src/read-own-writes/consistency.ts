import { decodeToken, type RequiredVersions, type StreamPosition, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { StreamVersions } from './stream-versions';
import { WrittenVersions } from './written-versions';

export const TOKEN_HEADER = 'consistency-token';
export const FRESHNESS_HEADER = 'feed-freshness';
/** Tokens that one request may present. */
export const MAX_TOKENS = 20;

/** What a read must show at least, and whether all of it is known. */
export interface Requirement extends RequiredVersions {
  complete: boolean;
}

/** Reading one's own writes: a write's answer carries a token, and a read shows what the tokens stand for. */
@Injectable()
export class Consistency {
  constructor(
    private readonly written: WrittenVersions,
    private readonly versions: StreamVersions,
  ) {}

  /** Puts `token` on the answer of a write, once every gateway can know of it. */
  async afterWrite(reply: FastifyReply, token: string): Promise<void> {
    await this.written.remember(readToken(token));
    reply.header(TOKEN_HEADER, token);
  }

  /** What `reader` must see: their own newest writes, and what the tokens that they present stand for. */
  forRead(reader: UserId, presented: string | string[] | undefined): Requirement | Promise<Requirement> {
    const wanted = readTokens(presented);
    const own = this.written.known(reader);
    if (own) return this.toRequirement(wanted, own);
    return this.written.newest(reader).then((asked) => this.toRequirement(wanted, asked));
  }

  /**
   * What of a requirement of `caller` exists, as the services say; without a service's answer it is incomplete, and what
   * is in doubt is not waited for. Throws ApiError CONSISTENCY_TOKEN_INVALID for a version that nobody has written.
   */
  async verify({ atLeast, unverified = [], complete }: Requirement, caller: UserId): Promise<Requirement> {
    const asker = { caller, receivesAll: this.written.receivesAll };
    const exist = await Promise.all(unverified.map((position) => this.versions.exists(position, asker)));
    if (exist.includes(false)) throw new ApiError('CONSISTENCY_TOKEN_INVALID');
    const doubtful = new Set(unverified.filter((_, index) => exist[index] === undefined));
    return {
      atLeast: atLeast.filter((position) => !doubtful.has(position)),
      complete: complete && doubtful.size === 0,
    };
  }

  private toRequirement(wanted: StreamPosition[], own: StreamPosition[] | undefined): Requirement {
    const atLeast = [...wanted, ...(own ?? [])];
    const unverified = wanted.filter((position) => !this.versions.has(position));
    return { atLeast, complete: own !== undefined, ...(unverified.length > 0 && { unverified }) };
  }
}

const NOTHING: StreamPosition[] = [];

/** What the tokens in a request's header stand for. Throws ApiError CONSISTENCY_TOKEN_INVALID or _TOKENS_TOO_MANY. */
export function readTokens(presented: string | string[] | undefined): StreamPosition[] {
  if (presented === undefined) return NOTHING;
  const tokens = [presented].flat().flatMap((text) => text.split(','));
  if (tokens.length > MAX_TOKENS) throw new ApiError('CONSISTENCY_TOKENS_TOO_MANY');
  return tokens.map((token) => readToken(token.trim()));
}

function readToken(token: string): StreamPosition {
  const position = decodeToken(token);
  if (!position) throw new ApiError('CONSISTENCY_TOKEN_INVALID');
  return position;
}
