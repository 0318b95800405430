export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The median, minimum and maximum. */
export function spread(values: readonly number[]): Spread {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  const at = (index: number) => ascending[index] as number;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, least: at(0), most: at(ascending.length - 1) };
}
