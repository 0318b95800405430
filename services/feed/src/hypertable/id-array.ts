import type { UserId } from '@activity-feed/contracts';

/** Ids processed before a pause: about a millisecond. */
export const IDS_PER_TURN = 10_000;

/** The layout of a one-dimensional array without nulls, as PostgreSQL's array_recv reads it. */
const HEADER = 20;
const DIMENSIONS = 1;
const INT4 = 23;
const ELEMENT = 8;

/** User ids as an `int[]` parameter in PostgreSQL's binary format: pg would write them as text in a single turn. */
export class IdArray {
  readonly parameter: Buffer;

  constructor(readonly length: number) {
    this.parameter = Buffer.allocUnsafe(HEADER + ELEMENT * length);
    this.parameter.writeInt32BE(DIMENSIONS, 0);
    this.parameter.writeInt32BE(0, 4);
    this.parameter.writeInt32BE(INT4, 8);
    this.parameter.writeInt32BE(length, 12);
    this.parameter.writeInt32BE(1, 16);
  }

  static of(...ids: UserId[]): IdArray {
    return IdArray.from(ids);
  }

  static from(ids: readonly number[]): IdArray {
    const array = new IdArray(ids.length);
    for (const [index, id] of ids.entries()) array.set(index, id);
    return array;
  }

  /** The element must be set before. */
  get(index: number): number {
    return this.parameter.readInt32BE(HEADER + ELEMENT * index + 4);
  }

  /** Every element must be set before the parameter is used. */
  set(index: number, id: number): void {
    const at = HEADER + ELEMENT * index;
    this.parameter.writeInt32BE(4, at);
    this.parameter.writeInt32BE(id, at + 4);
  }
}

/** The ids of users given by number. Pauses, as there may be a million. */
export function* idArray(numbers: Uint32Array, idOf: (user: number) => number): Generator<undefined, IdArray> {
  const array = new IdArray(numbers.length);
  for (let index = 0; index < numbers.length; index++) {
    if (index > 0 && index % IDS_PER_TURN === 0) yield;
    array.set(index, idOf(numbers[index] as number));
  }
  return array;
}
