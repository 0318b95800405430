/** Thrown where a read would wait for a version that its gateway only knows from a client. */
export class UnverifiedVersion extends Error {
  constructor() {
    super('a version that a client presented is missing, and may not exist');
    // Nobody looks at it, and there may be thousands a second.
    this.stack = undefined as unknown as string;
  }
}
