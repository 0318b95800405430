/** Values processed before a pause: about a millisecond. */
export const VALUES_PER_TURN = 20_000;

const BITS = 11;
const DIGITS = 2 ** BITS;

/** Sorts `values` ascending, in place or into a new array. Many values are radix-sorted with pauses, lowest digit first. */
export function* sortInTurns(values: Uint32Array): Generator<undefined, Uint32Array> {
  if (values.length <= VALUES_PER_TURN) return values.sort();
  let from = values;
  let to: Uint32Array = new Uint32Array(values.length);
  for (let shift = 0; shift < 32; shift += BITS) {
    const places = new Uint32Array(DIGITS + 1);
    for (let index = 0; index < from.length; index++) {
      if (index % VALUES_PER_TURN === 0) yield;
      const digit = ((from[index] as number) >>> shift) & (DIGITS - 1);
      places[digit + 1] = (places[digit + 1] as number) + 1;
    }
    for (let digit = 0; digit < DIGITS; digit++) {
      places[digit + 1] = (places[digit + 1] as number) + (places[digit] as number);
    }
    for (let index = 0; index < from.length; index++) {
      if (index % VALUES_PER_TURN === 0) yield;
      const value = from[index] as number;
      const digit = (value >>> shift) & (DIGITS - 1);
      const place = places[digit] as number;
      places[digit] = place + 1;
      to[place] = value;
    }
    [from, to] = [to, from];
  }
  return from;
}
