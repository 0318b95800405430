import { TRENDING_WINDOWS, type TrendingWindow } from '@activity-feed/contracts';

/** Hours. */
const HALF_LIFE: Record<TrendingWindow, number> = { '1h': 1, '24h': 6, '7d': 42 };

/** Weights are integers in millionths, so that a score does not depend on the order of addition. */
export const WEIGHT_ONE = 1_000_000;

/**
 * The weights of points that are 0, 1, … hours old, up to the window's length. Ages count from the start of an hour, so
 * the open hour has age 0.
 */
export function weightsOf(window: TrendingWindow): number[] {
  return Array.from({ length: TRENDING_WINDOWS[window] + 1 }, (_, age) =>
    Math.round(WEIGHT_ONE * 2 ** (-age / HALF_LIFE[window])),
  );
}
