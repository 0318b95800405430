/** Lookups before a pause: one or two milliseconds. */
export const LOOKUPS_PER_TURN = 50_000;

/** Calls `each` for every actor. Pauses, as there may be a million. */
export function* inPieces(actors: Uint32Array, each: (actor: number) => void): Generator<undefined, void> {
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % LOOKUPS_PER_TURN === 0) yield;
    each(actors[index] as number);
  }
}
