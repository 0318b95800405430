import { ApiHeader } from '@nestjs/swagger';
import { MAX_TOKENS } from './consistency';

/** The consistency token in the description of an answer. */
export const TOKEN_DESCRIPTION = {
  'Consistency-Token': 'Stands for this write: a feed read that presents it shows the write',
};

/** Describes the header by which a read can be asked to show certain writes. */
export const AcceptsTokens = () =>
  ApiHeader({
    name: 'Consistency-Token',
    required: false,
    schema: { type: 'array', items: { type: 'string' }, maxItems: MAX_TOKENS },
    description:
      `Tokens of up to ${MAX_TOKENS} writes, with commas between, that the answer must show. One’s own are known without ` +
      'it. A token of a write that was never made is not valid.',
  });

/** The header of a read's answer that tells when it does not. */
export const FRESHNESS = {
  'Feed-Freshness':
    '`behind` when the answer lacks a write that it must show: after 2 s, or at once where waiting is in vain',
};
