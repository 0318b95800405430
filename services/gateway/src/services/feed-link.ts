import {
  ANSWER_LIMIT,
  ERRORS,
  type ErrorCode,
  FEED_READS,
  FEED_STATUSES,
  type FeedQuery,
  type FeedReadName,
  PING_OPERATION,
} from '@activity-feed/contracts';
import { type Address, type Answer, BalancedLink, FAILED, LinkError } from '@activity-feed/link';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ApiError } from '../error-answers/api-error';

const NOTHING = new Uint8Array();

export interface AnswerText {
  /** The whole answer as JSON, a character for each byte of its UTF-8. */
  body: string;
  /** Whether something that it must show was not there in time. */
  behind: boolean;
  /** Whether there is no answer, as something is missing that may not exist. */
  unverified: boolean;
}

/** The readers of the feed, asked over a link whose answers go on to the client as they are. */
@Injectable()
export class FeedLink implements OnApplicationShutdown {
  private readonly link: BalancedLink;

  constructor({ FEED_ADDRESS }: { readonly FEED_ADDRESS: Address[] }) {
    this.link = new BalancedLink(FEED_ADDRESS, { deadline: ANSWER_LIMIT });
  }

  /** Throws ApiError: the code of a refusal, or SERVICE_UNAVAILABLE when no answer comes in time. */
  read<Name extends FeedReadName>(name: Name, query: FeedQuery<Name>): Promise<AnswerText> {
    return this.link.call(FEED_READS[name].operation, Buffer.from(JSON.stringify(query))).then(toAnswer, toApiError);
  }

  /** The state of one reader: `up`, or `degraded` as it says itself. Throws when it is no use or does not answer. */
  async ping(): Promise<string> {
    const { body: status } = await this.link.call(PING_OPERATION, NOTHING).then(toAnswer, toApiError);
    if (status === 'unavailable') throw new ApiError('SERVICE_UNAVAILABLE');
    return status === 'ready' ? 'up' : status;
  }

  onApplicationShutdown(): void {
    this.link.close();
  }
}

function toAnswer({ status, payload }: Answer): AnswerText {
  if (status === FEED_STATUSES.refused) throw new ApiError(codeOf(payload));
  if (status === FAILED) throw new ApiError('INTERNAL');
  return { body: payload, behind: status === FEED_STATUSES.behind, unverified: status === FEED_STATUSES.unverified };
}

function toApiError(error: unknown): never {
  if (error instanceof LinkError && error.retryable) throw new ApiError('SERVICE_UNAVAILABLE', {}, { cause: error });
  throw error;
}

/** A reader of a later version may know codes that this gateway does not. */
function codeOf(code: string): ErrorCode {
  return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL';
}
