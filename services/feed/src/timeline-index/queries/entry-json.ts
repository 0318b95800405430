import { definitionOfVerb, type Microseconds, toMilliseconds } from '@activity-feed/contracts';
import { type BorrowedBytes, lend } from '@activity-feed/link';
import { hasObject, tableOfKinds } from '../../activity/activity-kinds';
import { DAY, SECOND } from '../../activity/durations';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { NameSlots } from '../rows/name-slots';
import { NO_USER } from '../rows/new-row';

const ZERO = 0x30;
const COLON = 0x3a;
const COMMA = 0x2c;
const DOT = 0x2e;
const SECONDS_A_DAY = DAY / SECOND;
/** Longer than any entry: two names of 50 characters, each escaped to at most six bytes, and the rest. */
const LONGEST_ENTRY = 1_024;

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

const START = bytesOf('{"actor_name":');
const TIME = bytesOf(',"time":"');
const END = bytesOf('+00:00"}');
const NULL = bytesOf('null');

/** JSON by kind: between the actor's name and the object's id, and between the id and the target's name. */
const BEFORE_ID = tableOfKinds(({ verb }) => bytesOf(`,"verb":${JSON.stringify(verb)},"object_id":`), NULL);
const AFTER_ID = tableOfKinds(
  ({ objectType }) => bytesOf(`,"object_type":${JSON.stringify(objectType)},"target_name":`),
  NULL,
);

/** By kind: whether entries have the id of a comment, which stands after the object's type. */
const HAS_COMMENT = tableOfKinds(({ verb }) => definitionOfVerb(verb).adds !== undefined, false);
const BEFORE_COMMENT = tableOfKinds(
  ({ objectType }) => bytesOf(`,"object_type":${JSON.stringify(objectType)},"comment_id":`),
  NULL,
);
const AFTER_COMMENT = bytesOf(',"target_name":');

const DIGITS = bytesOf(Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')).join(''));

/** Writes entries as the API returns them directly from the rows, without creating objects or strings per entry. */
export class EntryJson {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private day = -1;
  private dayText: Uint8Array = bytesOf('');

  constructor(
    private readonly rows: ActivityRows,
    private readonly names: NameSlots,
  ) {}

  /**
   * The elements of a JSON array, without brackets, in a buffer that the next call overwrites. As in pages from the
   * hypertable, entries of actors without a name are omitted, and a target without a name is null.
   */
  write(entries: Uint32Array, from = 0, to = entries.length): BorrowedBytes {
    const most = (to - from) * LONGEST_ENTRY;
    if (most > this.buffer.length) this.buffer = Buffer.allocUnsafe(most);
    let at = 0;
    for (let index = from; index < to; index++) {
      const row = entries[index] as Row;
      if (!this.names.has(this.rows.actorOf(row))) continue;
      if (at > 0) this.buffer[at++] = COMMA;
      at = this.writeEntry(row, at);
    }
    return lend(this.buffer.subarray(0, at));
  }

  private writeEntry(row: Row, start: number): number {
    const { rows, names, buffer } = this;
    const kind = rows.kindOf(row);
    let at = copy(START, buffer, start);
    at = names.write(rows.actorOf(row), buffer, at);
    at = copy(BEFORE_ID[kind] as Uint8Array, buffer, at);
    at = hasObject(kind) ? writeInteger(rows.objectIdOf(row), buffer, at) : copy(NULL, buffer, at);
    at = HAS_COMMENT[kind] ? this.writeComment(row, kind, at) : copy(AFTER_ID[kind] as Uint8Array, buffer, at);
    const target = rows.targetOf(row);
    at = target !== NO_USER && names.has(target) ? names.write(target, buffer, at) : copy(NULL, buffer, at);
    at = copy(TIME, buffer, at);
    at = this.writeTime(rows.timeOf(row), at);
    return copy(END, buffer, at);
  }

  private writeComment(row: Row, kind: number, start: number): number {
    const { rows, buffer } = this;
    const comment = rows.commentIdOf(row);
    if (comment === undefined) return copy(AFTER_ID[kind] as Uint8Array, buffer, start);
    let at = copy(BEFORE_COMMENT[kind] as Uint8Array, buffer, start);
    at = writeInteger(comment, buffer, at);
    return copy(AFTER_COMMENT, buffer, at);
  }

  /** `2019-02-10T12:01:30.894037`. Caches the day only, as entries seldom share a second. */
  private writeTime(time: Microseconds, start: number): number {
    const { buffer } = this;
    const seconds = Math.floor(time / SECOND);
    const day = Math.floor(seconds / SECONDS_A_DAY);
    if (day !== this.day) {
      this.day = day;
      this.dayText = bytesOf(new Date(toMilliseconds((day * DAY) as Microseconds)).toISOString().slice(0, 11));
    }
    let at = copy(this.dayText, buffer, start);
    const second = seconds - day * SECONDS_A_DAY;
    const minute = (second / 60) | 0;
    const hour = (minute / 60) | 0;
    const fraction = time - seconds * SECOND;
    at = writeTwo(hour, buffer, at);
    buffer[at++] = COLON;
    at = writeTwo(minute - hour * 60, buffer, at);
    buffer[at++] = COLON;
    at = writeTwo(second - minute * 60, buffer, at);
    buffer[at++] = DOT;
    const high = (fraction / 10_000) | 0;
    const middle = ((fraction / 100) | 0) - high * 100;
    at = writeTwo(high, buffer, at);
    at = writeTwo(middle, buffer, at);
    return writeTwo(fraction - high * 10_000 - middle * 100, buffer, at);
  }
}

/** Faster than `set` for a few bytes. */
function copy(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index++) target[at++] = bytes[index] as number;
  return at;
}

function writeTwo(number: number, target: Uint8Array, at: number): number {
  target[at] = DIGITS[2 * number] as number;
  target[at + 1] = DIGITS[2 * number + 1] as number;
  return at + 2;
}

function writeInteger(number: number, target: Uint8Array, at: number): number {
  let power = 10;
  let end = at + 1;
  while (number >= power) {
    power *= 10;
    end++;
  }
  let rest = number;
  for (let place = end - 1; place >= at; place--) {
    const tenth = Math.floor(rest / 10);
    target[place] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return end;
}
