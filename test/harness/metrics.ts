export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a process exposes to Prometheus, https://prometheus.io/docs/instrumenting/exposition_formats. */
export class Metrics {
  private constructor(
    /** The type of each metric, by name, also of those without samples. */
    readonly types: ReadonlyMap<string, string>,
    readonly samples: readonly Sample[],
  ) {}

  static async of({ metricsUrl }: { readonly metricsUrl: string }): Promise<Metrics> {
    const answer = await fetch(metricsUrl);
    if (!answer.ok) throw new Error(`${metricsUrl} answered ${answer.status}`);
    return Metrics.parse(await answer.text());
  }

  static parse(text: string): Metrics {
    const types = new Map<string, string>();
    const samples: Sample[] = [];
    for (const line of text.split('\n').filter((line) => line !== '')) {
      const [, named, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      if (named && type) types.set(named, type);
      if (line.startsWith('#')) continue;
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (!name) throw new Error(`not a sample: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text]);
      samples.push({ name, labels: Object.fromEntries(pairs), value: value === 'Nan' ? Number.NaN : Number(value) });
    }
    return new Metrics(types, samples);
  }

  /** The samples of a name that have these labels. */
  of(name: string, labels: Record<string, string> = {}): Sample[] {
    const has = (sample: Sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
    return this.samples.filter((sample) => sample.name === name && has(sample));
  }

  /** Their sum; 0 if there are none. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.of(name, labels).reduce((sum, { value }) => sum + value, 0);
  }
}
