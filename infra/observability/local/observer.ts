export interface Observer {
  /** What to open, by its name. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
