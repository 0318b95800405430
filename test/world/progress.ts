const WIDTH = 30;
const PAUSE = 200;
const PAUSE_WITHOUT_TERMINAL = 5_000;

/** Prints a progress bar with the rate and the time left. On a terminal the line is overwritten in place. */
export class Progress {
  private readonly start = performance.now();
  private shownAt = 0;
  private first: number | undefined;

  private readonly title: string;
  private readonly total: number;
  private readonly output: NodeJS.WriteStream;

  constructor(title: string, total: number, output: NodeJS.WriteStream = process.stdout) {
    this.title = title;
    this.total = total;
    this.output = output;
  }

  /** Prints that `done` of the total are done, at most every 200 ms (5 s without a terminal). */
  show(done: number): void {
    this.first ??= done;
    const now = performance.now();
    if (now - this.shownAt < (this.output.isTTY ? PAUSE : PAUSE_WITHOUT_TERMINAL)) return;
    this.shownAt = now;
    this.write(this.line(done, (now - this.start) / 1_000), this.output.isTTY ? '\r' : '\n');
  }

  /** Prints the final line. Returns the seconds since the start. */
  end(done: number): number {
    const seconds = (performance.now() - this.start) / 1_000;
    this.write(this.line(done, seconds), '\n');
    return seconds;
  }

  private line(done: number, seconds: number): string {
    const rate = (done - (this.first ?? 0)) / Math.max(seconds, 0.001);
    const filled = Math.min(Math.round((WIDTH * done) / Math.max(this.total, 1)), WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    const left = rate > 0 && done < this.total ? `, ${Math.ceil((this.total - done) / rate)} s left` : '';
    return `${this.title.padEnd(10)} ${bar} ${number(done)} of ${number(this.total)}, ${number(Math.round(rate))}/s${left}`;
  }

  private write(line: string, end: string): void {
    this.output.write(`${this.output.isTTY ? '\r\x1b[K' : ''}${line}${end}`);
  }
}

export const number = (value: number): string => value.toLocaleString('en');
