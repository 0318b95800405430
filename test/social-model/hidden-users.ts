import type { ErrorCode } from '@activity-feed/contracts';

const NOT_FOUND: ErrorCode = 'USER_NOT_FOUND';

export type MuteOnly = 'shares' | null;

/** The reference for blocks and mutes, by names. */
export class HiddenUsers {
  private readonly blocks = new Set<string>();
  private readonly mutes = new Set<string>();

  /** Whether neither exists for the other: one of them blocks the other. */
  areApart(user: string, other: string): boolean {
    return this.hasBlocked(user, other) || this.hasBlocked(other, user);
  }

  hasBlocked(user: string, other: string): boolean {
    return this.blocks.has(`${user} ${other}`);
  }

  hasMuted(user: string, other: string, only: MuteOnly): boolean {
    return this.mutes.has(`${user} ${other} ${only}`);
  }

  blockedBy(user: string): string[] {
    return [...this.blocks]
      .map((pair) => pair.split(' '))
      .flatMap(([one, other]) => (one === user ? other : [])) as string[];
  }

  mutedBy(user: string): { name: string; only: MuteOnly }[] {
    return [...this.mutes]
      .map((mute) => mute.split(' ') as [string, string, string])
      .filter(([one]) => one === user)
      .map(([, name, only]) => ({ name, only: only === 'shares' ? 'shares' : null }));
  }

  // Each returns what the API answers. Who blocks the user does not exist, but what the user did can be undone.

  block(user: string, other: string): string {
    return add(this.blocks, `${user} ${other}`) ? 'User blocked' : 'Already blocked';
  }

  unblock(user: string, other: string): string {
    if (this.blocks.delete(`${user} ${other}`)) return 'User unblocked';
    return this.hasBlocked(other, user) ? NOT_FOUND : 'Not blocked';
  }

  mute(user: string, other: string, only: MuteOnly): string {
    if (this.hasBlocked(other, user)) return NOT_FOUND;
    return add(this.mutes, `${user} ${other} ${only}`) ? 'User muted' : 'Already muted';
  }

  unmute(user: string, other: string, only: MuteOnly): string {
    if (this.mutes.delete(`${user} ${other} ${only}`)) return 'User unmuted';
    return this.hasBlocked(other, user) ? NOT_FOUND : 'Not muted';
  }
}

function add(set: Set<string>, item: string): boolean {
  const isNew = !set.has(item);
  set.add(item);
  return isNew;
}
