import { readConfiguration as readActivity } from '../../services/activity/src/configuration';
import { readConfiguration as readFeed } from '../../services/feed/src/configuration';
import { indexBudget, LEAST_BUDGET } from '../../services/feed/src/timeline-index/index-budget';
import { readConfiguration as readGateway } from '../../services/gateway/src/configuration';
import { readConfiguration as readSocialGraph } from '../../services/social-graph/src/configuration';
import { containerOf, environmentOf, kustomization, type Manifest, sources, WORKLOADS } from './manifests';

const READERS: Record<string, () => object> = {
  gateway: readGateway,
  'social-graph': readSocialGraph,
  activity: readActivity,
  feed: readFeed,
};
const SECRET = 'secret-of-the-test';

const resources = sources();
const workloads = resources.filter(({ kind }) => WORKLOADS.includes(kind));
const titled = workloads.map((workload) => [workload.metadata.name as string, workload] as const);
const workloadOf = (wanted: string): Manifest => titled.find(([name]) => name === wanted)?.[1];

/** The service's settings if `environment` is its whole environment. */
function read(service: string, environment: Record<string, string>): object {
  const before = process.env;
  process.env = environment;
  try {
    return (READERS[service] as () => object)();
  } finally {
    process.env = before;
  }
}

/** A separate password variable is part of the URL setting. */
const settingOf = (variable: string, known: string[]) =>
  known.includes(variable) ? variable : variable.replace(/_PASSWORD$/, '_URL');

describe('the settings in the Kubernetes manifests', () => {
  it.each(titled)('are complete for %s and contain no unknown variable', (_, workload) => {
    const environment = environmentOf(workload, SECRET);
    const known = Object.keys(read(containerOf(workload).name, environment));
    const unknown = Object.keys(environment).filter((variable) => !known.includes(settingOf(variable, known)));
    expect(unknown).toEqual([]);
  });

  it('contain no secret values', () => {
    const text = JSON.stringify([resources, kustomization()]);
    expect(text).not.toMatch(/:\/\/[^"\s/@:]*:[^"\s/@]+@/);
    const literals = kustomization().configMapGenerator.flatMap(({ literals: all }: Manifest) => all as string[]);
    expect(literals.filter((literal: string) => /^[^=]*(PASSWORD|KEY|SECRET)/.test(literal))).toEqual([]);
    for (const workload of workloads) {
      for (const { name, value } of containerOf(workload).env) {
        if (/PASSWORD|KEY|SECRET/.test(name)) expect([name, value]).toEqual([name, undefined]);
      }
    }
  });

  it('give gateways the address of every reader, and addresses of existing services', () => {
    const { FEED_ADDRESS = '', ...gateway } = environmentOf(workloadOf('gateway'), SECRET);
    const reader = workloadOf('feed-reader');
    const addresses = Array.from(
      { length: reader.spec.replicas },
      (_, index) => `feed-reader-${index}.${reader.spec.serviceName}:5001`,
    );
    expect(FEED_ADDRESS.split(',')).toEqual(addresses);
    const services = resources.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    expect(services).toContain(reader.spec.serviceName);
    for (const address of [gateway.SOCIAL_GRAPH_ADDRESS, gateway.ACTIVITY_ADDRESS]) {
      expect(services).toContain(address?.split(':')[0]);
    }
  });

  it('give a reader enough memory for its index', () => {
    const { FEED_INDEX_BUDGET } = environmentOf(workloadOf('feed-reader'), SECRET);
    const [, gibibytes] = /^(\d+)Gi$/.exec(
      containerOf(workloadOf('feed-reader')).resources.limits.memory,
    ) as unknown as [string, string];
    const fitting = indexBudget(Number(gibibytes) * 2 ** 30);
    expect(fitting).toBeGreaterThan(LEAST_BUDGET);
    expect(Number(FEED_INDEX_BUDGET ?? fitting)).toBeLessThanOrEqual(fitting);
  });

  it('run at least as many gateways as instances of each write service', () => {
    const replicasOf = (name: string) => workloadOf(name).spec.replicas as number;
    for (const name of ['social-graph', 'activity'])
      expect(replicasOf('gateway')).toBeGreaterThanOrEqual(replicasOf(name));
  });
});
