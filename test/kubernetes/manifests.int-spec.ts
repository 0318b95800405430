import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerOf, documentsOf, FOLDER, type Manifest, WORKLOADS } from './manifests';
import { render } from './render';
import { canInstallTools, installTools, NEEDS_TOOLS, type Tools } from './tools';

const canRender = canInstallTools();
const described = canRender ? describe : describe.skip;
if (!canRender) process.stdout.write(`Skipped rendering and validating the Kubernetes manifests ${NEEDS_TOOLS}\n`);
const title = 'the rendered Kubernetes manifests';

/** The overlay of docs/operations.md, applied to the manifests in the folder `base`. */
function documentedOverlay(base: string): string {
  const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  const [, overlay] = /```yaml\n(# kustomization\.yaml\n[^`]*)```/.exec(text) as unknown as [string, string];
  return overlay.replace(/"https:[^"]*"/, base);
}

described(canRender ? title : `${title} ${NEEDS_TOOLS}`, () => {
  let tools: Tools;
  let resources: Manifest[];

  // The first run downloads the tools.
  beforeAll(async () => {
    tools = await installTools(AbortSignal.timeout(300_000));
    resources = documentsOf(await render(tools, FOLDER));
  }, 300_000);

  const ofKind = (...kinds: string[]) => resources.filter(({ kind }) => kinds.includes(kind));
  const labelsOf = (workload: Manifest) => workload.spec.template.metadata.labels as Record<string, string>;
  const matches = (selector: Record<string, string>, labels: Record<string, string>) =>
    Object.entries(selector).every(([label, value]) => labels[label] === value);

  it('define all services in one namespace', () => {
    expect(
      ofKind(...WORKLOADS)
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual([
      'Deployment activity',
      'Deployment feed-projector',
      'Deployment gateway',
      'Deployment social-graph',
      'StatefulSet feed-reader',
    ]);
    for (const { kind, metadata } of resources)
      if (kind !== 'Namespace') expect(metadata.namespace).toBe('activity-feed');
  });

  it('are rejected if a field is unknown or has the wrong type', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
    try {
      cpSync(FOLDER, folder, { recursive: true });
      const file = join(folder, 'gateway.yaml');
      const gateway = readFileSync(file, 'utf8');
      writeFileSync(file, gateway.replace('replicas: 2', 'replicas: 2\n  replica: 2'));
      await expect(render(tools, folder)).rejects.toThrow("'replica' was unexpected");
      writeFileSync(file, gateway.replace('replicas: 2', 'replicas: two'));
      await expect(render(tools, folder)).rejects.toThrow('deployment/gateway');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('work with the overlay of docs/operations.md: its image and settings reach all workloads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
    try {
      cpSync(FOLDER, join(folder, 'base'), { recursive: true });
      writeFileSync(join(folder, 'kustomization.yaml'), documentedOverlay('base'));
      const overlaid = documentsOf(await render(tools, folder));
      const [settings, ...others] = overlaid.filter(({ metadata }) => /^every-service-/.test(metadata.name));
      expect(others).toEqual([]);
      expect(settings.data).toEqual({ HOST: '0.0.0.0', HTTP_PORT: '5000', REDIS_URL: 'rediss://cache:6379' });
      const workloads = overlaid.filter(({ kind }) => WORKLOADS.includes(kind));
      expect(workloads).toHaveLength(5);
      for (const workload of workloads) {
        const { envFrom, image } = containerOf(workload);
        expect(envFrom).toContainEqual({ configMapRef: { name: settings.metadata.name } });
        expect(image.startsWith('registry.example/')).toBe(containerOf(workload).name === 'feed');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('restrict the rights of every pod', () => {
    for (const workload of ofKind(...WORKLOADS)) {
      const { securityContext, automountServiceAccountToken } = workload.spec.template.spec;
      expect(securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(automountServiceAccountToken).toBe(false);
      expect(containerOf(workload).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('have probes, resource requests and limits for each service', () => {
    for (const workload of ofKind(...WORKLOADS)) {
      const { startupProbe, livenessProbe, readinessProbe, resources: wanted, ports } = containerOf(workload);
      expect(startupProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
      expect(ports).toContainEqual(expect.objectContaining({ name: 'http', containerPort: 5000 }));
      expect(Object.keys(wanted.requests)).toEqual(['cpu', 'memory']);
      expect(Object.keys(wanted.limits)).toEqual(['memory']);
    }
  });

  it('have a termination grace period longer than preStop and shutdown take', () => {
    for (const workload of ofKind(...WORKLOADS)) {
      const preStop = containerOf(workload).lifecycle?.preStop.sleep.seconds ?? 0;
      expect(preStop > 0).toBe(workload.metadata.name === 'gateway');
      expect(workload.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(preStop + 3.5);
    }
  });

  it('have selectors that match pods in workloads, services, disruption budgets and the network policy', () => {
    const pods = ofKind(...WORKLOADS).map(labelsOf);
    for (const { spec } of ofKind(...WORKLOADS, 'PodDisruptionBudget')) {
      expect(pods.filter((labels) => matches(spec.selector.matchLabels, labels))).toHaveLength(1);
    }
    for (const { spec } of ofKind('Service'))
      expect(pods.filter((labels) => matches(spec.selector, labels))).toHaveLength(1);
    const several = ofKind(...WORKLOADS).filter(({ spec }) => spec.replicas > 1);
    expect(
      ofKind('PodDisruptionBudget')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(several.map(({ metadata }) => metadata.name).sort());
    const [policy] = ofKind('NetworkPolicy');
    const [partOf, name] = policy.spec.podSelector.matchExpressions;
    for (const labels of pods) expect(partOf.values).toContain(labels[partOf.key]);
    expect(name).toMatchObject({ key: 'app.kubernetes.io/name', operator: 'NotIn', values: ['gateway'] });
    const rpc = policy.spec.ingress.filter(({ ports }: Manifest) => ports[0].port === 'rpc');
    expect(rpc).toEqual([
      expect.objectContaining({
        from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gateway' } } }],
      }),
    ]);
  });

  it('read settings from existing config maps, whose names contain a hash', () => {
    const maps = ofKind('ConfigMap').map(({ metadata }) => metadata.name as string);
    for (const workload of ofKind(...WORKLOADS)) {
      for (const { configMapRef } of containerOf(workload).envFrom) {
        expect(maps).toContain(configMapRef.name);
        expect(configMapRef.name).toMatch(/-[a-z0-9]{10}$/);
      }
    }
  });

  it('use images with a version tag', () => {
    for (const workload of ofKind(...WORKLOADS))
      expect(containerOf(workload).image).toMatch(/^activity-feed\/[a-z-]+:\d+\.\d+\.\d+$/);
  });
});
