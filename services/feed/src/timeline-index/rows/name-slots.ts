const SLOT = 24;
const FIRST_CAPACITY = 1024;

/**
 * User names as JSON strings, with quotes, escaped once. A name has a slot of fixed size with its length in the first
 * byte; longer names are in a map.
 */
export class NameSlots {
  private bytes = new Uint8Array(FIRST_CAPACITY * SLOT);
  private readonly long = new Map<number, Uint8Array>();

  has(user: number): boolean {
    return (this.bytes[user * SLOT] ?? 0) > 0;
  }

  set(user: number, name: string): void {
    const json = Buffer.from(JSON.stringify(name));
    while ((user + 1) * SLOT > this.bytes.length) this.grow();
    this.bytes[user * SLOT] = Math.min(json.length, SLOT);
    if (json.length < SLOT) this.bytes.set(json, user * SLOT + 1);
    else this.long.set(user, json);
  }

  get(user: number): string {
    const target = Buffer.alloc(this.lengthOf(user));
    return JSON.parse(target.toString('utf8', 0, this.write(user, target, 0)));
  }

  /** Writes the quoted name to `target` at `at`, and returns the offset after it. */
  write(user: number, target: Uint8Array, at: number): number {
    const { bytes } = this;
    const from = user * SLOT;
    const length = bytes[from] as number;
    if (length === SLOT) return writeAll(this.long.get(user) as Uint8Array, target, at);
    for (let index = 1; index <= length; index++) target[at++] = bytes[from + index] as number;
    return at;
  }

  private lengthOf(user: number): number {
    return this.long.get(user)?.length ?? (this.bytes[user * SLOT] as number);
  }

  private grow(): void {
    const longer = new Uint8Array(Math.ceil((this.bytes.length / SLOT) * 1.25) * SLOT);
    longer.set(this.bytes);
    this.bytes = longer;
  }
}

function writeAll(bytes: Uint8Array, target: Uint8Array, at: number): number {
  target.set(bytes, at);
  return at + bytes.length;
}
