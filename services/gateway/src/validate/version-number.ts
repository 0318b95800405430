import { z } from 'zod';
import { code } from './parse';

/** The number of a version in a path. One beyond all numbers becomes the largest, which no version has. */
export const VersionNumber = z
  .string()
  .regex(/^\d+$/, code('VERSION_INVALID'))
  .transform((digits) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER))
  .describe('As in the history, counted from 1');
