import {
  OBJECT_TYPES,
  TRENDING_AMONG,
  TRENDING_LIMIT_MAX,
  TRENDING_WINDOWS,
  type TrendingWindow,
} from '@activity-feed/contracts';
import { z } from 'zod';
import { Expand } from '../read-feed/expand';
import { wholeNumber } from '../validate/numbers';
import { code } from '../validate/parse';

export const WINDOWS = Object.keys(TRENDING_WINDOWS) as [TrendingWindow, ...TrendingWindow[]];

export const TrendingRequest = z.object({
  window: z.enum(WINDOWS, code('WINDOW_INVALID')).optional(),
  type: z.enum(OBJECT_TYPES, code('TYPE_INVALID')).optional(),
  among: z.enum(TRENDING_AMONG, code('AMONG_INVALID')).optional(),
  limit: wholeNumber(TRENDING_LIMIT_MAX, 'LIMIT_INVALID').optional(),
  expand: Expand,
});
