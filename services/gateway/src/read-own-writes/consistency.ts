import { decodeToken, type StreamPosition, type UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { WrittenVersions } from './written-versions';

export const TOKEN_HEADER = 'consistency-token';
export const FRESHNESS_HEADER = 'feed-freshness';
/** Tokens that one request may present. */
export const MAX_TOKENS = 20;

/** What a read must show at least, and whether all of it is known. */
export interface Requirement {
  atLeast: StreamPosition[];
  complete: boolean;
}

/** Reading one's own writes: a write's answer carries a token, and a read shows what the tokens stand for. */
@Injectable()
export class Consistency {
  constructor(private readonly written: WrittenVersions) {}

  /** Puts `token` on the answer of a write, once every gateway can know of it. */
  async afterWrite(reply: FastifyReply, token: string): Promise<void> {
    await this.written.remember(readToken(token));
    reply.header(TOKEN_HEADER, token);
  }

  /** What `reader` must see: their own newest writes, and what the tokens that they present stand for. */
  forRead(reader: UserId, presented: string | string[] | undefined): Requirement | Promise<Requirement> {
    const wanted = readTokens(presented);
    const own = this.written.known(reader);
    if (own) return toRequirement(wanted, own);
    return this.written.newest(reader).then((asked) => toRequirement(wanted, asked));
  }
}

const NOTHING: StreamPosition[] = [];

const toRequirement = (wanted: StreamPosition[], own: StreamPosition[] | undefined): Requirement => ({
  atLeast: [...wanted, ...(own ?? [])],
  complete: own !== undefined,
});

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
