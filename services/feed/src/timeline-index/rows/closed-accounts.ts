/** Whether an account is private or suspended, as bits. */
export const PRIVATE = 1;
export const SUSPENDED = 2;

/** Which accounts are closed, by user numbers: a byte for each user up to the last one with a closed account. */
export class ClosedAccounts {
  private bits = new Uint8Array();
  private closed = 0;
  /** The sum of a hash of each closed account. */
  private sum = 0n;
  /** The accounts that the database may still have as they were, with the number of the latest change of each. */
  private readonly changes = new Map<number, number>();
  private count = 0;

  get hasAny(): boolean {
    return this.closed > 0;
  }

  /** The same in all processes for equal states, in whatever order they came about. */
  get digest(): string {
    return this.sum.toString(36);
  }

  bitsOf(user: number): number {
    return this.bits[user] ?? 0;
  }

  /** Sets what the database has. `id` is the user's id, which all processes share. */
  load(user: number, id: number, bit: number, holds: boolean): void {
    const before = this.bitsOf(user);
    const after = holds ? before | bit : before & ~bit;
    if (before === after) return;
    if (user >= this.bits.length) this.grow(user + 1);
    this.bits[user] = after;
    this.closed += Number(after !== 0) - Number(before !== 0);
    this.sum = BigInt.asUintN(64, this.sum + hashOf(id, after) - hashOf(id, before));
  }

  /** The same for what an event changes. */
  change(user: number, id: number, bit: number, holds: boolean): void {
    this.load(user, id, bit, holds);
    this.changes.set(user, ++this.count);
  }

  get hasRecent(): boolean {
    return this.changes.size > 0;
  }

  /** The users whose accounts the database may still have as they were. */
  recent(): number[] {
    return [...this.changes.keys()];
  }

  /** The number of the latest change. */
  get lastChange(): number {
    return this.count;
  }

  /** Notes that the database has all changes up to the number `change`. */
  written(change: number): void {
    for (const [user, number] of this.changes) if (number <= change) this.changes.delete(user);
  }

  private grow(length: number): void {
    const longer = new Uint8Array(Math.max(length, 2 * this.bits.length));
    longer.set(this.bits);
    this.bits = longer;
  }
}

/** SplitMix64's mixing function (Steele, Lea and Flood, 2014); 0 for an open account. */
function hashOf(id: number, bits: number): bigint {
  if (bits === 0) return 0n;
  let mixed = BigInt.asUintN(64, BigInt(4 * id + bits) * 0x9e37_79b9_7f4a_7c15n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return mixed ^ (mixed >> 31n);
}
