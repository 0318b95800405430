import { z } from 'zod';
import { User } from './identifiers';

/** Where in its content an object mentions a user, in UTF-16 code units. */
export const Mention = z.object({
  user: User,
  start: z.int().min(0).describe('The place of the `@`'),
  end: z.int().min(1).describe('The place after the name'),
});
export type Mention = z.infer<typeof Mention>;

/** The most mentions in one version of an object, and the most different names that are looked up for it. */
export const MENTIONS_MAX = 20;
