/** What each folder may import: the table "Folders" of docs/architecture.md as a check. */
/** Integration tests use the harness in `test`. */
const testsOfRealServers = '\\.int-spec\\.ts$';
const testFiles = 'spec\\.ts$';

const layersOf = require('./services/rooms.cjs');

/** For each folder of a service: what of its service it may not import. */
const roomsOfServices = Object.entries(layersOf).flatMap(([service, layers]) =>
  layers.flatMap((folders, layer) => {
    const lower = layers.slice(0, layer).flat();
    return folders.map((folder) => ({
      name: `${service}-${folder}-imports-lower-rooms-alone`,
      severity: 'error',
      from: { path: `^services/${service}/src/${folder}/`, pathNot: testFiles },
      to: { path: `^services/${service}/src/`, pathNot: `^services/${service}/src/(${[folder, ...lower].join('|')})/` },
    }));
  }),
);
/** A folder that is in none of the layers. */
const unlistedRooms = Object.entries(layersOf).map(([service, layers]) => ({
  name: `${service}-lists-all-its-rooms`,
  severity: 'error',
  from: {},
  to: { path: `^services/${service}/src/[^/]+/`, pathNot: `^services/${service}/src/(${layers.flat().join('|')})/` },
}));

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
      // Made-up parts are for unit tests; tsc refuses them elsewhere.
      to: { path: '^(infra|test|examples)/', pathNot: '^test/harness/made-up-' },
    },
    {
      name: 'only-the-kafka-port-knows-kafkajs',
      severity: 'error',
      from: { path: '^(services|libs)/', pathNot: '^libs/eventing/src/kafka/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    ...roomsOfServices,
    ...unlistedRooms,
    {
      name: 'queries-of-the-index-lie-above-its-rows',
      severity: 'error',
      from: { path: '^services/feed/src/timeline-index/rows/' },
      to: { path: '^services/feed/src/timeline-index/', pathNot: '^services/feed/src/timeline-index/rows/' },
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
    exclude: { path: '^(libs|services)/[^/]+/(dist|bundle)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.imports.json' },
  },
};
