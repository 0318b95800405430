import { CONTENT_MAX_LENGTH } from '@activity-feed/contracts';
import { z } from 'zod';
import { code } from './parse';
import { isStorable, lengthOf } from './text';

/** The content of an object in a request. */
export const Content = z
  .string(code('CONTENT_MISSING'))
  .min(1, code('CONTENT_MISSING'))
  .refine((text) => lengthOf(text) <= CONTENT_MAX_LENGTH, code('CONTENT_TOO_LONG'))
  .refine(isStorable, code('CONTENT_INVALID'))
  .describe(`At most ${CONTENT_MAX_LENGTH} characters`);
