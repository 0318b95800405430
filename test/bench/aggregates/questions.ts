import { fromMilliseconds, type ObjectRef } from '@activity-feed/contracts';
import { justBefore } from '../../../services/feed/dist/activity/durations.js';
import { memoryDays } from '../../../services/feed/dist/aggregates/aggregate-time.js';
import { encodeGroupCursor } from '../../../services/feed/dist/read-groups/group-cursor.js';
import type { Figure } from '../benchmark.ts';
import type { Asker } from './asker.ts';
import type { Reader, Readers } from './readers.ts';
import {
  engagementStatement,
  groupsStatement,
  type Statement,
  summaryStatement,
  trendingStatement,
  type Whose,
} from './statements.ts';

/** One reader's query to the feed, and the equivalent statement on `activities`. */
export interface Asking {
  /** Resolves with the answer as JSON. */
  send(): Promise<string>;
  /** The part of an answer that the statement returns too. */
  rows(answer: string): readonly object[];
  /** Builds the statement. `rows` come from an answer. */
  statement(rows: readonly object[]): Statement;
}

/** The same query by several readers. */
export interface Question extends Pick<Figure, 'name' | 'growth'> {
  readonly askings: readonly Asking[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PAGE = 50;
const LIST = 20;
/** The API's windows: length and half-life in hours. */
const WINDOWS = { '1h': [1, 1], '24h': [24, 6], '7d': [168, 42] } as const;
type Window = keyof typeof WINDOWS;

/** All queries, in the order of the table. */
export function questionsOf(asker: Asker, readers: Readers, objects: readonly ObjectRef[]): Question[] {
  const my = (name: string, asking: (reader: Reader, whose: Whose) => Asking): Question => ({
    name: `my ${name}`,
    askings: readers.own.map((reader) => asking(reader, 'my')),
  });
  const friends = (name: string, asking: (reader: Reader, whose: Whose) => Asking): Question[] =>
    [...readers.byFollowees].map(([count, following]) => ({
      name,
      growth: { by: 'followees', to: count },
      askings: following.map((reader) => asking(reader, 'friends')),
    }));
  const both = (name: string, asking: (reader: Reader, whose: Whose) => Asking): Question[] => [
    my(name, asking),
    ...friends(`friends’ ${name}`, asking),
  ];
  return [
    ...both('newest page of groups', (reader, whose) => groups(asker, reader, whose, false)),
    ...both('page of groups of closed days', (reader, whose) => groups(asker, reader, whose, true)),
    ...both('summary of 7 days', (reader, whose) => summary(asker, reader, whose, 7)),
    ...both('summary of 30 days', (reader, whose) => summary(asker, reader, whose, 30)),
    ...(['1h', '24h', '7d'] as const).map((window) => ({
      name: `trending of ${window}`,
      askings: [trending(asker, readers.own[0] as Reader, window, false)],
    })),
    ...friends('trending of 24h among friends', (reader) => trending(asker, reader, '24h', true)),
    { name: 'likes and shares of an object', askings: objects.map((object) => engagement(asker, object)) },
  ];
}

function groups(asker: Asker, reader: Reader, whose: Whose, closed: boolean): Asking {
  const open = memoryDays(Date.now());
  // The last moment of the closed days, so that the open day is not read.
  const before = { firstTime: justBefore(fromMilliseconds(open)), actorId: 1, verb: 'post', objectType: '' };
  const path = `/feed/${whose}?group=day${closed ? `&cursor=${encodeGroupCursor(before)}` : ''}`;
  return {
    send: () => asker.get(reader, path),
    rows: (answer) => JSON.parse(answer)[`${whose}_feed`],
    statement: (rows) => {
      const { day: from = dayOf(open) } = (rows.at(-1) ?? {}) as { day?: string };
      const until = closed ? new Date(open) : 'infinity';
      return groupsStatement({ whose, reader: reader.id, from, until, limit: PAGE });
    },
  };
}

function summary(asker: Asker, reader: Reader, whose: Whose, days: number): Asking {
  return {
    send: () => asker.get(reader, `/feed/${whose}/summary?days=${days}`),
    // The statement returns no rows for days without activities.
    rows: (answer) =>
      (JSON.parse(answer)[`${whose}_summary`].days as object[]).filter((day) => Object.values(day).some(isCount)),
    statement: () => summaryStatement(whose, reader.id, new Date(startOf(DAY) - (days - 1) * DAY)),
  };
}

function trending(asker: Asker, reader: Reader, name: Window, amongFriends: boolean): Asking {
  const [window, halfLife] = WINDOWS[name];
  const whose = amongFriends ? reader.id : undefined;
  return {
    send: () => asker.get(reader, `/trending?window=${name}&limit=${LIST}&among=${amongFriends ? 'friends' : 'all'}`),
    rows: (answer) => JSON.parse(answer).trending,
    statement: () => trendingStatement({ reader: whose, hour: new Date(startOf(HOUR)), window, halfLife, limit: LIST }),
  };
}

const engagement = (asker: Asker, object: ObjectRef): Asking => ({
  send: () => asker.engagement(object),
  rows: (answer) => [JSON.parse(answer)],
  statement: () => engagementStatement(object),
});

const isCount = (value: unknown) => typeof value === 'number' && value > 0;
const startOf = (length: number) => Date.now() - (Date.now() % length);
const dayOf = (time: number) => new Date(time).toISOString().slice(0, '2019-02-10'.length);
