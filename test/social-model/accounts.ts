/** How often a user can make the account private or public in a day. */
const CHANGES_MAX = 6;

/** The reference for private accounts and for requests to follow them, by names. */
export class Accounts {
  private readonly changes = new Map<string, boolean[]>();
  private readonly requests = new Map<string, { holds: boolean; version: number }>();

  constructor(private readonly follows: (user: string, other: string) => boolean) {}

  isPrivate(user: string): boolean {
    return this.changes.get(user)?.at(-1) ?? false;
  }

  /** Whether the activities and objects of `user` are hidden from `viewer`. */
  isClosedTo(user: string, viewer: string): boolean {
    return this.isPrivate(user) && user !== viewer && !this.follows(viewer, user);
  }

  hasRequested(user: string, other: string): boolean {
    return this.requests.get(`${user} ${other}`)?.holds === true;
  }

  /** Who has requested to follow `user`. */
  requestsTo(user: string): string[] {
    return this.pairs().flatMap(([requester, target]) => (target === user ? requester : []));
  }

  /** Whom `user` has requested to follow. */
  requestsOf(user: string): string[] {
    return this.pairs().flatMap(([requester, target]) => (requester === user ? target : []));
  }

  /** What the API answers to a wish for a private or public account. */
  answerToChange(user: string, isPrivate: boolean): 'changed' | 'unchanged' | 'TOO_SOON' {
    if (this.isPrivate(user) === isPrivate) return 'unchanged';
    return (this.changes.get(user)?.length ?? 0) < CHANGES_MAX ? 'changed' : 'TOO_SOON';
  }

  changed(user: string, isPrivate: boolean): void {
    this.changes.set(user, [...(this.changes.get(user) ?? []), isPrivate]);
  }

  /**
   * A request and its end may be reported in any order; `version` is that of the event in the requester's stream. Returns
   * whether it is news.
   */
  requested(user: string, other: string, holds: boolean, version: number): boolean {
    const known = this.requests.get(`${user} ${other}`);
    if (known && version <= known.version) return false;
    this.requests.set(`${user} ${other}`, { holds, version });
    return true;
  }

  private pairs(): [string, string][] {
    return [...this.requests].flatMap(([pair, { holds }]) => (holds ? [pair.split(' ') as [string, string]] : []));
  }
}
