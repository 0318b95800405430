/** What each room may import: the table "Rooms" of docs/architecture.md as a check. */
/** Integration tests use the harness in `test`. */
const testsOfRealServers = '\\.int-spec\\.ts$';

const rooms = '^(services/[^/]+|libs/[^/]+|infra|test|examples)/';

module.exports = {
  forbidden: [
    {
      name: 'services-never-import-one-another',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'contracts-and-link-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/(contracts|link)/' },
      to: { path: rooms, pathNot: '^libs/$1/' },
    },
    {
      name: 'eventing-and-hosting-import-only-contracts',
      severity: 'error',
      from: { path: '^libs/(eventing|hosting)/', pathNot: testsOfRealServers },
      to: { path: rooms, pathNot: '^libs/($1|contracts)/' },
    },
    {
      name: 'libraries-never-import-services',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'gateway-has-no-database-and-no-events',
      severity: 'error',
      from: { path: '^services/gateway/' },
      to: { path: '^libs/(eventing|backend)/|node_modules/(pg|typeorm|kafkajs)/' },
    },
    {
      name: 'product-never-imports-its-surroundings',
      severity: 'error',
      from: { path: '^(services|libs)/', pathNot: testsOfRealServers },
      to: { path: '^(infra|test|examples)/' },
    },
    {
      name: 'only-the-kafka-port-knows-kafkajs',
      severity: 'error',
      from: { path: '^(services|libs)/', pathNot: '^libs/eventing/src/kafka/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.imports.json' },
  },
};
