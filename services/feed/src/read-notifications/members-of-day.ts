import type { MarkedUntil } from '../timeline-index/notifications';
import type { NotifiedRow } from './notified-row';

/** In place of a member. */
export const NONE = -1;

/** What a member is: its row is not shown, or shown, or it was replaced by an earlier row of its actor. */
export const HIDDEN = 0;
export const SHOWN = 1;
export const MOVED = 2;

/** The words of a member: its actor, its group, what it is, and the next older member of the group. */
const WORDS = 4;
const ACTOR = 0;
const GROUP = 1;
const STATE = 2;
const OLDER = 3;

/** Slots for each member: at most half are used. */
const SLOTS = 2;

const FIRST_MEMBERS = 16;
/** From this many members on, and up to the other number, arrays are kept for later days: new memory takes time. */
const KEPT_FROM = 1_024;
const KEPT_TO = 65_536;
const kept: { words?: Int32Array | undefined; slots?: Int32Array | undefined } = {};

/** Multiplying by odd numbers spreads neighbouring ones over all bits; see Knuth, TAOCP, section 6.4. */
const SPREAD_ACTORS = 0x9e37_79b1;
const SPREAD_GROUPS = 0x85eb_ca6b;

/**
 * The members of all groups of a day, numbered from 0 in the order in which they are added, which is newest first. There may be
 * very many: an object, or an entry of a Map, for each would take longer than reading the rows.
 */
export class MembersOfDay {
  readonly handles: unknown[] = [];
  /** How many members there are up to the last one that may be unseen, and unread. */
  unseen = 0;
  unread = 0;
  private words: Int32Array = new Int32Array(FIRST_MEMBERS * WORDS);
  /** By actor and group, the number of the actor's member plus 1, or 0: open addressing with linear probing. */
  private slots: Int32Array = new Int32Array(FIRST_MEMBERS * SLOTS);
  private used = 0;

  /** All rows before the times `until` are marked. */
  constructor(private readonly until: MarkedUntil) {}

  /** Returns the member's number. */
  add(group: number, row: NotifiedRow): number {
    const member = this.handles.length;
    this.handles.push(row.handle);
    const at = member * WORDS;
    if (at === this.words.length) this.growWords();
    const { words } = this;
    words[at + ACTOR] = row.actor;
    words[at + GROUP] = group;
    words[at + STATE] = HIDDEN;
    words[at + OLDER] = NONE;
    // After the first that is marked, all are.
    if (this.unseen === member && row.time >= this.until.seen) this.unseen++;
    if (this.unread === member && row.time >= this.until.read) this.unread++;
    return member;
  }

  /** Makes `member` the one of its actor in its group, and returns the one before, or NONE. */
  replaceOfActor(member: number): number {
    const slot = this.slotOf(member);
    const before = (this.slots[slot] as number) - 1;
    this.slots[slot] = member + 1;
    if (before === NONE && ++this.used * SLOTS > this.slots.length) this.growSlots();
    return before;
  }

  actorOf(member: number): number {
    return this.words[member * WORDS + ACTOR] as number;
  }

  stateOf(member: number): number {
    return this.words[member * WORDS + STATE] as number;
  }

  setState(member: number, state: number): void {
    this.words[member * WORDS + STATE] = state;
  }

  /** The next older member of the same group, or NONE. */
  olderOf(member: number): number {
    return this.words[member * WORDS + OLDER] as number;
  }

  setOlder(member: number, older: number): void {
    this.words[member * WORDS + OLDER] = older;
  }

  /** To be called when nothing is asked of the members any more. */
  release(): void {
    if (isKept(this.words, WORDS)) kept.words = this.words;
    if (isKept(this.slots, SLOTS)) kept.slots = this.slots;
  }

  /** The slot of the member of the same actor and group, or an unused one where it belongs. */
  private slotOf(member: number): number {
    const { slots, words } = this;
    const actor = words[member * WORDS + ACTOR] as number;
    const group = words[member * WORDS + GROUP] as number;
    const last = slots.length - 1;
    const hash = Math.imul(actor ^ Math.imul(group, SPREAD_GROUPS), SPREAD_ACTORS);
    for (let slot = (hash >>> 8) & last; ; slot = (slot + 1) & last) {
      const at = ((slots[slot] as number) - 1) * WORDS;
      if (at < 0 || (words[at + ACTOR] === actor && words[at + GROUP] === group)) return slot;
    }
  }

  private growWords(): void {
    const { words } = this;
    this.words = largerThan(words, 'words', WORDS);
    this.words.set(words);
  }

  private growSlots(): void {
    const { slots } = this;
    this.slots = largerThan(slots, 'slots', SLOTS).fill(0);
    for (let slot = 0; slot < slots.length; slot++) {
      const found = slots[slot] as number;
      if (found > 0) this.slots[this.slotOf(found - 1)] = found;
    }
  }
}

/** An array with room for more members, if possible one that was kept, with whatever is in it. */
function largerThan({ length }: Int32Array, name: keyof typeof kept, perMember: number): Int32Array {
  const found = length >= KEPT_FROM * perMember ? kept[name] : undefined;
  if (found === undefined || found.length <= length) return new Int32Array(2 * length);
  kept[name] = undefined;
  return found;
}

const isKept = ({ length }: Int32Array, perMember: number): boolean =>
  length > KEPT_FROM * perMember && length <= KEPT_TO * perMember;
