/** A signal that is remembered: if it rings while nobody waits, the next wait ends at once. */
export class WakeSignal {
  private rung = false;
  private resolve: (() => void) | undefined;

  /** Forgets that it has rung. Returns whether it had. */
  reset(): boolean {
    const { rung } = this;
    this.rung = false;
    return rung;
  }

  ring(): void {
    this.rung = true;
    this.resolve?.();
  }

  /** Resolves when it rings, or after `milliseconds`. Returns whether it has rung. */
  async wait(milliseconds: number): Promise<boolean> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, milliseconds));
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const { rung } = this;
    this.rung = false;
    this.resolve = undefined;
    return rung;
  }
}
