import { z } from 'zod';
import { decodeFeedPosition, encodeFeedPosition, FEED_POSITION, laterFeedPosition } from './feed-position';
import {
  decodeLogPosition,
  encodeLogPosition,
  LOG_START,
  LogPositionText,
  laterPosition,
  positionBeyond,
} from './log-position';

/** Groups whose marks are kept for a user. */
export const MARKED_GROUPS_MAX = 1_000;

/** Lists of which users keep how far they have read. */
export const KEPT_FEEDS = ['friends', 'my', 'notifications'] as const;
export type KeptFeed = (typeof KEPT_FEEDS)[number];

/** What a user has seen and read: everything before a position in the log, and beside that what single groups have before one. */
export const Marks = z.object({
  seen: LogPositionText.nullable(),
  read: LogPositionText.nullable(),
  groups: z.array(z.object({ group: z.string(), until: LogPositionText })).max(MARKED_GROUPS_MAX),
  positions: z
    .partialRecord(z.enum(KEPT_FEEDS), z.string().regex(FEED_POSITION))
    .optional()
    .describe('How far lists were read'),
});
export type Marks = z.infer<typeof Marks>;

export const NO_MARKS: Marks = { seen: null, read: null, groups: [] };

/**
 * Both together. Marks never go back, so that devices may send theirs in any order. A group's mark has only what is
 * beyond `read`. The marks of the oldest days beyond {@link MARKED_GROUPS_MAX} are left out.
 */
export function mergeMarks(one: Marks, other: Partial<Marks>): Marks {
  const read = later(one.read, other.read ?? null);
  const untils = new Map<string, string>();
  for (const { group, until } of [...one.groups, ...(other.groups ?? [])]) {
    untils.set(group, later(untils.get(group) ?? null, until) as string);
  }
  const groups = [...untils]
    .flatMap(([group, until]) => {
      const beyond = positionBeyond(toPosition(until), read === null ? LOG_START : toPosition(read));
      return beyond ? [{ group, until: encodeLogPosition(beyond) }] : [];
    })
    .sort((a, b) => (dayOf(a.group) + a.group < dayOf(b.group) + b.group ? 1 : -1));
  const positions = laterPositions(one.positions, other.positions);
  return {
    seen: later(one.seen, other.seen ?? null),
    read,
    groups: groups.slice(0, MARKED_GROUPS_MAX),
    ...(positions && { positions }),
  };
}

function laterPositions(one: Marks['positions'], other: Marks['positions']): Marks['positions'] {
  if (!one || !other) return one ?? other;
  const merged = KEPT_FEEDS.map((feed) => [feed, laterText(one[feed], other[feed])] as const);
  return Object.fromEntries(merged.filter(([, position]) => position !== undefined));
}

function laterText(one: string | undefined, other: string | undefined): string | undefined {
  const [a, b] = [one, other].map((text) => text && decodeFeedPosition(text));
  if (!a || !b) return a ? one : other;
  return encodeFeedPosition(laterFeedPosition(a, b));
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return encodeLogPosition(laterPosition(toPosition(one), toPosition(other)));
}

/** A position of another generation of the log has nothing of this one. */
const toPosition = (text: string) => decodeLogPosition(text) ?? LOG_START;

/** The day that the name of a group ends with. */
const dayOf = (group: string) => group.slice(group.lastIndexOf(':') + 1);
