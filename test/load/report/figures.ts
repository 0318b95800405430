const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 12345.6 → 12,346 */
export const wholes = (value: number): string => grouped.format(value);

/** Three significant digits: 0.84, 8.40, 84.0, 840. */
export function milliseconds(value: number): string {
  if (value >= 100) return grouped.format(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

export const share = (value: number): string => `${Math.round(value * 100)} %`;
