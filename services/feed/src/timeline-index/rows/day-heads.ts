import { LOWEST_ID, type Position } from '../../activity/positions';
import type { Row } from './activity-rows';

/** The one row with this number is searched each time. */
const UNKNOWN = 0xffff_ffff;

/**
 * Each actor's newest row before the start of a day, as searches found it: of the latest day that was asked for, which is
 * the open one. 4 to 8 bytes a user.
 */
export class DayHeads {
  private day = Number.NEGATIVE_INFINITY;
  private rows = new Uint32Array();

  /** Whether rows before this position are noted here. A later day takes the place of the one before. */
  notes({ time, id }: Position): boolean {
    if (id !== LOWEST_ID || time < this.day) return false;
    if (time > this.day) {
      this.day = time;
      this.rows.fill(UNKNOWN);
    }
    return true;
  }

  /** Undefined if it must be searched. The row may be hidden or evicted since. */
  of(actor: number): Row | undefined {
    const row = this.rows[actor];
    return row === UNKNOWN ? undefined : row;
  }

  set(actor: number, row: Row): void {
    if (actor >= this.rows.length) {
      const rows = new Uint32Array(Math.max(1_024, 2 * actor)).fill(UNKNOWN);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[actor] = row;
  }

  /** Must be called for each row that joins a list. */
  noteJoined(actor: number, time: number): void {
    if (time < this.day && actor < this.rows.length) this.rows[actor] = UNKNOWN;
  }
}
