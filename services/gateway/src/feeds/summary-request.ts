import { SUMMARY_DAYS_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { wholeNumber } from '../validate/numbers';

export const SummaryRequest = z.object({ days: wholeNumber(SUMMARY_DAYS_MAX, 'DAYS_INVALID').optional() });
