/** Actors of whom one value each is looked at before others may have their turn: a millisecond or two. */
export const LOOKED_AT_ONCE = 50_000;

/** Calls `each` with every actor. Pauses, as there may be a million. */
export function* inPieces(actors: Uint32Array, each: (actor: number) => void): Generator<undefined, void> {
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % LOOKED_AT_ONCE === 0) yield;
    each(actors[index] as number);
  }
}
