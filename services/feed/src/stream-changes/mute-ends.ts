import type { Viewers } from '../timeline-index/viewers';

/** The longest that a timer can be set for. */
const TIMER_MAX = 2 ** 31 - 1;

/** Tells when mutes of users end by themselves. Users are numbers of the index. */
export class MuteEnds {
  private readonly timers = new Map<number, NodeJS.Timeout>();

  constructor(
    private readonly viewers: Pick<Viewers, 'untilMuteEnds'>,
    private readonly onEnd: (user: number) => void,
  ) {}

  /** To be called again after every change of whom the user mutes. */
  watch(user: number): void {
    this.forget(user);
    const left = this.viewers.untilMuteEnds(user);
    if (left === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(
      () => {
        this.watch(user);
        if (left <= TIMER_MAX) this.onEnd(user);
      },
      Math.min(left, TIMER_MAX),
    );
    this.timers.set(user, timer.unref());
  }

  forget(user: number): void {
    clearTimeout(this.timers.get(user));
    this.timers.delete(user);
  }
}
