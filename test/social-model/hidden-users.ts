import type { ErrorCode } from '@activity-feed/contracts';

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

  block(user: string, other: string): void {
    this.blocks.add(`${user} ${other}`);
  }

  unblock(user: string, other: string): void {
    this.blocks.delete(`${user} ${other}`);
  }

  mute(user: string, other: string, only: MuteOnly): void {
    this.mutes.add(`${user} ${other} ${only}`);
  }

  unmute(user: string, other: string, only: MuteOnly): void {
    this.mutes.delete(`${user} ${other} ${only}`);
  }

  /** What the API answers. Who blocks the user does not exist, but what the user did can be undone. */
  answerTo(verb: 'block' | 'unblock' | 'mute' | 'unmute', user: string, other: string, only: MuteOnly = null): string {
    const isBlocked = this.hasBlocked(other, user);
    if (verb === 'block') return this.hasBlocked(user, other) ? 'Already blocked' : 'User blocked';
    if (verb === 'unblock' && this.hasBlocked(user, other)) return 'User unblocked';
    if (verb === 'unmute' && this.hasMuted(user, other, only)) return 'User unmuted';
    if (isBlocked) return 'USER_NOT_FOUND' satisfies ErrorCode;
    if (verb === 'mute') return this.hasMuted(user, other, only) ? 'Already muted' : 'User muted';
    return verb === 'unblock' ? 'Not blocked' : 'Not muted';
  }
}
