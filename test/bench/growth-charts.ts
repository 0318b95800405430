import type { BenchResult, Figure } from './benchmark.ts';
import { spread } from './measure/spread.ts';

type GrowthFigure = Figure & { growth: NonNullable<Figure['growth']> };

/** A Mermaid chart for every figure that was measured at several sizes. */
export function growthCharts(results: readonly BenchResult[]): string {
  const figures = results.flatMap(({ figures }) => figures.filter((figure) => figure.growth)) as GrowthFigure[];
  const series = Map.groupBy(figures, ({ name, growth }) => `${name} by ${growth.by}`);
  return [...series].map(([title, points]) => chart(title, points)).join('\n\n');
}

function chart(title: string, points: readonly GrowthFigure[]): string {
  const { unit, growth } = points[0] as GrowthFigure;
  const sizes = points.map((point) => `"${point.growth.to.toLocaleString('en')}"`);
  const medians = points.map(({ ours }) => spread(ours).median.toFixed(2));
  return `\`\`\`mermaid
xychart-beta
  title "${title}"
  x-axis "${growth.by}" [${sizes.join(', ')}]
  y-axis "${unit}" 0 --> ${Math.ceil(Math.max(...medians.map(Number)) * 1.1)}
  line [${medians.join(', ')}]
\`\`\``;
}
