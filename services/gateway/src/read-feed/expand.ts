import { z } from 'zod';
import { code } from '../validate/parse';

/** The parameter `?expand=`. */
export const Expand = z.literal('objects', code('EXPAND_INVALID')).optional();
export type Expand = z.infer<typeof Expand>;

/** Its description. */
export const EXPAND = {
  schema: z.literal('objects'),
  description: 'Adds `objects`: every object that the answer names',
};
