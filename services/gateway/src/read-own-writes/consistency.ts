import {
  decodeToken,
  isPrivate,
  type RequiredVersions,
  SOURCES,
  type Source,
  type StreamPosition,
  type UserId,
  type Written,
} from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';
import { onBehalfOf } from '../trace-requests/request-scope';
import { StreamVersions } from './stream-versions';
import { WrittenVersions } from './written-versions';

export const TOKEN_HEADER = 'consistency-token';
export const FRESHNESS_HEADER = 'feed-freshness';
/** Maximum tokens in one request. */
export const MAX_TOKENS = 20;

/** The versions that a read must show, and whether they are all known. */
export interface Requirement extends RequiredVersions {
  complete: boolean;
}

/** Read-your-writes: the answer to a write carries a token; a read that presents the token includes the write. */
@Injectable()
export class Consistency {
  constructor(
    private readonly written: WrittenVersions,
    private readonly versions: StreamVersions,
    private readonly services: Services,
  ) {}

  /** Puts the tokens of a write on its answer when every gateway can know of the write. */
  async afterWrite(reply: FastifyReply, { token, also = [], concerns, changesAccount }: Noted): Promise<void> {
    const tokens = [token, ...also];
    const writer = reply.request.user?.id;
    const positions = tokens.map(readToken).filter(isWrite);
    const remember = (position: StreamPosition, user: UserId | undefined) =>
      this.written.remember(position, {
        writer: user === position.stream ? undefined : user,
        changesAccount,
      });
    await Promise.all([
      ...positions.map((position) => remember(position, writer)),
      ...(concerns === undefined ? [] : positions.map((position) => remember(position, concerns))),
    ]);
    reply.header(TOKEN_HEADER, tokens.join(','));
  }

  /**
   * What a read of `reader` that shows events of the sources `shows` must show: the reader's newest writes, the writes of the
   * presented tokens, and whose accounts have become private or public, of `about` or lately.
   */
  forRead(
    reader: UserId,
    presented: string | string[] | undefined,
    shows: readonly Source[] = SOURCES,
    about: readonly UserId[] = NOBODY,
    request?: FastifyRequest,
  ): Requirement | Promise<Requirement> {
    // Whom others block or mute, and what they have read, is nobody's business: their versions are not looked up.
    const known = readTokens(presented).filter(({ source, stream }) => !isPrivate(source) || stream === reader);
    const wanted = ofSources(shows, known);
    const accounts = ofSources(shows, this.written.accountsOf(about));
    const own = this.written.known(reader);
    if (own) return this.toRequirement(wanted, ofSources(shows, own), accounts);
    const newest = () => this.written.newest(reader);
    return (request ? onBehalfOf(request, newest) : newest()).then((asked) =>
      this.toRequirement(wanted, asked && ofSources(shows, asked), accounts),
    );
  }

  /**
   * Asks the services which versions of a requirement exist. Without an answer, the version is removed and the
   * requirement is incomplete. Throws ApiError CONSISTENCY_TOKEN_INVALID for a version that does not exist.
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

  private toRequirement(
    wanted: StreamPosition[],
    own: StreamPosition[] | undefined,
    accounts: StreamPosition[],
  ): Requirement {
    const atLeast = [...wanted, ...(own ?? []), ...accounts];
    for (const service of this.written.unsent.take(atLeast)) this.services.sendEvents(service);
    const unverified = wanted.filter((position) => !this.versions.has(position));
    return { atLeast, complete: own !== undefined, ...(unverified.length > 0 && { unverified }) };
  }
}

type Noted = Pick<Written, 'token' | 'also' | 'concerns' | 'changesAccount'>;

const NOTHING: StreamPosition[] = [];
const NOBODY: UserId[] = [];

const ofSources = (sources: readonly Source[], positions: StreamPosition[]) =>
  sources === SOURCES ? positions : positions.filter(({ source }) => sources.includes(source));

/** Decodes the tokens of a request's header. Throws ApiError CONSISTENCY_TOKEN_INVALID or _TOKENS_TOO_MANY. */
export function readTokens(presented: string | string[] | undefined): StreamPosition[] {
  if (presented === undefined) return NOTHING;
  const tokens = [presented].flat().flatMap((text) => text.split(','));
  if (tokens.length > MAX_TOKENS) throw new ApiError('CONSISTENCY_TOKENS_TOO_MANY');
  return tokens.map((token) => readToken(token.trim())).filter(isWrite);
}

/** A command that changed nothing may have been its user's first: its token then requires nothing. */
const isWrite = ({ version }: StreamPosition) => version > 0;

function readToken(token: string): StreamPosition {
  const position = decodeToken(token);
  if (!position) throw new ApiError('CONSISTENCY_TOKEN_INVALID');
  return position;
}
