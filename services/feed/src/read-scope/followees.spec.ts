import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Microseconds, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { IDS_PER_TURN, IdArray, idArray } from '../hypertable/id-array';
import { NO_TAKE_BACKS } from '../read-own-writes/recent-take-backs';
import { sortInTurns } from '../timeline-index/queries/sort-in-turns';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { numbersOf, readFollowees } from './followees';
import { ReadScope } from './read-scope';

const READER = 7 as UserId;

/** The increase of `asked` in each turn of `work`, and its result. */
function turnsOf<Result>(work: Generator<undefined, Result>, asked: () => number) {
  const turns: number[] = [];
  for (let before = 0; ; before = asked()) {
    const { done, value } = work.next();
    turns.push(asked() - before);
    if (done) return { turns, result: value };
  }
}

/** Runs `work`; returns its result and the most calls of `spied` between two turns of other work. */
async function mostCallsPerTurn<Result>(spied: jest.SpyInstance, work: () => Promise<Result>) {
  let [most, isDone] = [0, false];
  const others = (async () => {
    while (!isDone) {
      await nextTurn();
      most = Math.max(most, spied.mock.calls.length);
      spied.mockClear();
    }
  })();
  const result = await work();
  isDone = true;
  await others;
  return { most, result };
}

describe('a very long list of followees', () => {
  const ids = Uint32Array.from({ length: 3 * IDS_PER_TURN + 5 }, (_, index) => 10 + 3 * index);
  /** As the database returns the list. */
  const parts: Buffer[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_TURN) {
    const part = Buffer.alloc(4 * Math.min(IDS_PER_TURN, ids.length - from));
    for (let at = 0; at < part.length; at += 4) part.writeInt32BE(ids[from + at / 4] as number, at);
    parts.push(part);
  }
  afterEach(() => jest.restoreAllMocks());

  it('is converted from the database in turns of limited length, in ascending order', () => {
    let asked = 0;
    const numberOf = (id: number) => {
      asked++;
      return 2_000_000 - id;
    };
    const { turns, result } = turnsOf(numbersOf(parts, numberOf), () => asked);
    expect(result).toEqual(ids.map((id) => 2_000_000 - id).reverse());
    expect(Math.max(...turns)).toBe(IDS_PER_TURN);
    // The list is sorted in turns too.
    expect(turns).toHaveLength(parts.length + [...sortInTurns(ids.slice())].length);
  });

  it('is converted to a statement parameter in turns of limited length', () => {
    let asked = 0;
    const idOf = (user: number) => {
      asked++;
      return user + 1;
    };
    const { turns, result } = turnsOf(idArray(ids, idOf), () => asked);
    expect(turns).toEqual([IDS_PER_TURN, IDS_PER_TURN, IDS_PER_TURN, 5]);
    const { parameter } = result;
    // Dimensions, nulls flag, type, length and lower bound; then each element's length and value.
    const words = Array.from({ length: parameter.length / 4 }, (_, word) => parameter.readInt32BE(4 * word));
    expect(words.slice(0, 5)).toEqual([1, 0, 23, ids.length, 1]);
    expect(words.slice(5)).toEqual(Array.from(ids).flatMap((id) => [4, id + 1]));
  });

  it('is passed from the database to a statement in turns of limited length', async () => {
    const pool = { query: async () => ({ rows: parts.map((part) => ({ part })) }) } as unknown as Pool;
    const set = jest.spyOn(IdArray.prototype, 'set');
    const { most, result } = await mostCallsPerTurn(set, () => readFollowees(pool, READER));
    expect(most).toBe(IDS_PER_TURN);
    expect(result.parameter).toEqual(IdArray.of(...(Array.from(ids) as UserId[])).parameter);
  });

  it('is passed from memory to a statement in turns of limited length, and only if the read needs it', async () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 2 * ids.length });
    const followees = ids.map((id) => index.users.number(id));
    index.follows.set(index.users.number(READER), followees, 0);
    const scope = new ReadScope({
      index,
      versions: { reach: async () => true },
      takeBacks: { requiredBy: () => NO_TAKE_BACKS },
      isReady: () => true,
    } as unknown as ConstructorParameters<typeof ReadScope>[0]);
    const idOf = jest.spyOn(index.users, 'idOf');
    const actors = await scope.ofActors(
      { feed: 'friends', reader: READER },
      { required: { atLeast: [] }, from: 0 as Microseconds },
    );
    expect(idOf).not.toHaveBeenCalled();
    const { most, result } = await mostCallsPerTurn(idOf, actors.ids);
    expect(most).toBe(IDS_PER_TURN);
    expect(result.parameter).toEqual(IdArray.of(...(Array.from(ids) as UserId[])).parameter);
  });
});
