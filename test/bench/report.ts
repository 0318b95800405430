import type { Machine } from '../load/measure/machine.ts';
import type { BenchResult, Figure } from './benchmark.ts';
import { growthCharts } from './growth-charts.ts';
import { spread } from './measure/spread.ts';
import type { TimescaleServer } from './measure/timescale-server.ts';
import { targetTable } from './targets.ts';

export interface BenchReport {
  readonly date: string;
  readonly commit: string | undefined;
  readonly command: string;
  readonly machine: Machine;
  readonly timescale: TimescaleServer;
  readonly results: readonly BenchResult[];
}

/** The page of docs/benchmarks.md. */
export function markdown(report: BenchReport): string {
  const { results } = report;
  return `# Benchmarks

<!-- Written by \`npm run bench\`: changes by hand are lost. -->

Medians, with the least and the most of all rounds in brackets. The reference is measured in turn with ours, and the
ratio is that of the two in the same round: it says more than the figures, which drift with the machine.

${targetTable(results)}

What stands between, where one is missed: [benchmark-floors.md](benchmark-floors.md).

## All figures

${table(results)}

${referenceList(results)}

${measuredBy(report)}

## How cost grows

${growthCharts(results)}
`;
}

/** What stands beside the figures of each benchmark. */
export const referenceList = (results: readonly BenchResult[]): string =>
  [
    'References:\n',
    ...results.flatMap(({ benchmark, reference }) => (reference ? [`- ${benchmark}: ${reference}`] : [])),
  ].join('\n');

/** By what and on what a run was. */
export const measuredBy = ({ date, commit, command, machine }: BenchReport): string =>
  `Measured by \`${command}\` at ${date}, commit ${commit ?? 'unknown'}, on ${machine.cores} cores of ${machine.processor} with
${machine.memoryGiB} GiB, Node.js ${machine.node}; ${machine.busyProcesses} processes were busy at the start. Everything
ran on that machine: the services, their servers and what sends the requests.`;

export function table(results: readonly BenchResult[]): string {
  const rows = results.flatMap(({ benchmark, figures }) =>
    figures.map((figure) => {
      const { unit, ours, reference } = figure;
      return [
        benchmark,
        nameOf(figure),
        shown(ours, unit),
        reference ? shown(reference, unit) : '–',
        reference && ours.length > 0 ? shown(ours.map((value, round) => value / (reference[round] as number))) : '–',
      ];
    }),
  );
  const lines = [['benchmark', 'figure', 'ours', 'reference', 'ours / reference'], Array(5).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export const figureLine = (figure: Figure): string => {
  const { unit, ours, reference } = figure;
  return `${nameOf(figure)}: ${shown(ours, unit)}${reference ? `, reference ${shown(reference, unit)}` : ''}`;
};

const nameOf = ({ name, growth }: Figure) =>
  growth ? `${name}, ${growth.to.toLocaleString('en')} ${growth.by}` : name;

function shown(values: readonly number[], unit = ''): string {
  if (values.length === 0) return 'no answer';
  const { median, least, most } = spread(values);
  const number = values.length === 1 ? digits(median) : `${digits(median)} (${digits(least)}–${digits(most)})`;
  return `${number} ${unit}`.trim();
}

/** Three digits are more than a measurement is worth. */
const digits = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 });
