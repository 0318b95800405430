import type { UserId } from '@activity-feed/contracts';

/** Ids after which others may have their turn: about a millisecond. */
export const IDS_AT_ONCE = 10_000;

/** Of an array of one dimension without nulls, as PostgreSQL's array_recv reads it. */
const HEADER = 20;
const DIMENSIONS = 1;
const INT4 = 23;
/** Each element's length and value. */
const ELEMENT = 8;

/** Ids of users for a parameter `int[]`, in PostgreSQL's binary format: pg would write each as text, all in one piece. */
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
    const array = new IdArray(ids.length);
    for (const [index, id] of ids.entries()) array.set(index, id);
    return array;
  }

  /** Each one must be set before the parameter is used. */
  set(index: number, id: number): void {
    const at = HEADER + ELEMENT * index;
    this.parameter.writeInt32BE(4, at);
    this.parameter.writeInt32BE(id, at + 4);
  }
}

/** The ids of `numbers` of users. Pauses, as there may be a million. */
export function* idArray(numbers: Uint32Array, idOf: (user: number) => number): Generator<undefined, IdArray> {
  const array = new IdArray(numbers.length);
  for (let index = 0; index < numbers.length; index++) {
    if (index > 0 && index % IDS_AT_ONCE === 0) yield;
    array.set(index, idOf(numbers[index] as number));
  }
  return array;
}
