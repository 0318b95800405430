import { READ_WAIT_LIMIT } from '@activity-feed/contracts';
import { ApiHeader } from '@nestjs/swagger';
import { MAX_TOKENS } from './consistency';

/** Describes the header of a write's answer. */
export const TOKEN_DESCRIPTION = {
  'Consistency-Token': 'Identifies this write: a read that presents it includes the write',
};

/** Describes the header by which a read requires certain writes. */
export const AcceptsTokens = () =>
  ApiHeader({
    name: 'Consistency-Token',
    required: false,
    schema: { type: 'array', items: { type: 'string' }, maxItems: MAX_TOKENS },
    description:
      `Comma-separated tokens of up to ${MAX_TOKENS} writes that the answer must include. The caller's own writes need no ` +
      'token. A token of a write that was never made is not valid.',
  });

/** Describes the header of an answer that lacks a required write. */
export const FRESHNESS = {
  'Feed-Freshness':
    `\`behind\` if the answer lacks a write that it must include: after ${READ_WAIT_LIMIT / 1_000} s, or at once where ` +
    'waiting cannot help',
};
