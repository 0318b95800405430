import { parser } from '@prometheus-io/lezer-promql';
import type { Sample } from '../harness/metrics';

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree['topNode'];

interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** What a query reads: all series of a metric that have certain labels. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** The selectors of a query in PromQL. Throws if it cannot be parsed. */
export function selectorsOf(query: string): Selector[] {
  const tree = parser.parse(query);
  const selectors: Selector[] = [];
  tree.iterate({
    enter({ node }) {
      if (node.type.isError) throw new Error(`not PromQL at character ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') selectors.push(selectorAt(node, query));
    },
  });
  return selectors;
}

function selectorAt(node: SyntaxNode, query: string): Selector {
  const text = ({ from, to }: { from: number; to: number }) => query.slice(from, to);
  const name = node.getChild('Identifier');
  if (!name) throw new Error(`a selector without a metric: ${text(node)}`);
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    metric: text(name),
    matchers: matchers.map((matcher) => {
      const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((part) =>
        text(matcher.getChild(part) as SyntaxNode),
      ) as [string, Matcher['operator'], string];
      return { label, operator, value: JSON.parse(value) as string };
    }),
  };
}

/** The labels that a query groups by. */
export function groupingsOf(query: string): string[] {
  const labels: string[] = [];
  parser.parse(query).iterate({
    enter({ node }) {
      if (node.name !== 'GroupingLabels') return;
      labels.push(...node.getChildren('LabelName').map(({ from, to }) => query.slice(from, to)));
    },
  });
  return labels;
}

/** The samples that a selector reads. */
export function selected(samples: readonly Sample[], { metric, matchers }: Selector): Sample[] {
  return samples.filter(({ name, labels }) => name === metric && matchers.every((one) => matches(labels, one)));
}

function matches(labels: Sample['labels'], { label, operator, value }: Matcher): boolean {
  const actual = labels[label] ?? '';
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '=~':
      return new RegExp(`^(?:${value})$`).test(actual);
    case '!~':
      return !new RegExp(`^(?:${value})$`).test(actual);
  }
}
