import {
  ANSWER_LIMIT,
  ERRORS,
  type ErrorCode,
  FEED_READS,
  FEED_STATUSES,
  FEED_STREAMS,
  type FeedQuery,
  type FeedReadName,
  PING_OPERATION,
  proofOf,
  type StreamedList,
  type StreamQuery,
} from '@activity-feed/contracts';
import { type Address, type Answer, BalancedLink, FAILED, LinkError, type Subscriber } from '@activity-feed/link';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ApiError } from '../error-answers/api-error';

const NOTHING = new Uint8Array();

export interface AnswerText {
  /** The answer as JSON; one character per byte of its UTF-8. */
  body: string;
  /** Whether it lacks a required write. */
  behind: boolean;
  /** Whether there is no answer because a required version is missing and may not exist. */
  unverified: boolean;
}

export interface FeedAddresses {
  readonly FEED_ADDRESS: Address[];
  readonly SERVICE_SECRET?: string | undefined;
}

/** Reads from the feed readers over the link. Answers are passed on without parsing. */
@Injectable()
export class FeedLink implements OnApplicationShutdown {
  private readonly link: BalancedLink;

  constructor({ FEED_ADDRESS, SERVICE_SECRET: secret }: FeedAddresses) {
    const prove = secret === undefined ? undefined : (nonce: Uint8Array) => proofOf(secret, 'reads', nonce);
    this.link = new BalancedLink(FEED_ADDRESS, { deadline: ANSWER_LIMIT, prove });
  }

  /** Throws ApiError: the reader's error code, or SERVICE_UNAVAILABLE if no answer arrives in time. */
  read<Name extends FeedReadName>(name: Name, query: FeedQuery<Name>): Promise<AnswerText> {
    return this.link.call(FEED_READS[name].operation, Buffer.from(JSON.stringify(query))).then(toAnswer, toApiError);
  }

  /** Follows a list live; see StreamQuery. Returns how to end that. */
  subscribe(list: StreamedList, query: StreamQuery, subscriber: Subscriber): () => void {
    return this.link.subscribe(FEED_STREAMS[list], Buffer.from(JSON.stringify(query)), subscriber);
  }

  /** The state of one reader, `up` or `degraded`. Throws if it is unavailable. */
  async ping(): Promise<string> {
    const { body: status } = await this.link.call(PING_OPERATION, NOTHING).then(toAnswer, toApiError);
    if (status === 'unavailable') throw new ApiError('SERVICE_UNAVAILABLE');
    return status === 'ready' ? 'up' : status;
  }

  onApplicationShutdown(): void {
    this.link.close();
  }
}

/** The error that an answer or the lack of one means; undefined for an answer without an error. */
export function errorOf(end: Answer | LinkError): ErrorCode | undefined {
  if (end instanceof LinkError) return 'SERVICE_UNAVAILABLE';
  if (end.status === FEED_STATUSES.refused) return codeOf(end.payload);
  return end.status === FAILED ? 'INTERNAL' : undefined;
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

/** Readers of later versions may send codes that this gateway does not know. */
function codeOf(code: string): ErrorCode {
  return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL';
}
