/** Thrown if a read would wait for a version that the gateway knows only from a client's token. */
export class UnverifiedVersion extends Error {
  constructor() {
    super('a version presented by a client has not arrived and may not exist');
    // Unused, and expensive at thousands of errors per second.
    this.stack = undefined as unknown as string;
  }
}
