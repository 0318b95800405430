export const LAST_ID = 0xffff_ffff;

/** Ids for calls and subscriptions. Ids in use are skipped: a subscription may outlive the four billion ids after it. */
export class CallIds {
  constructor(
    readonly inUse: (id: number) => boolean,
    private last = 0,
  ) {}

  next(): number {
    do this.last = this.last === LAST_ID ? 1 : this.last + 1;
    while (this.inUse(this.last));
    return this.last;
  }
}
