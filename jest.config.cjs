const transform = {
  '^.+\\.(ts|mts)$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2023',
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};

/**
 * unit: no I/O. int: real servers, code in this process. editions: the same on both editions of TimescaleDB, one file at
 * a time. e2e: the whole system over HTTP. alone: e2e tests that freeze the shared servers or saturate the machine, so
 * nothing else may run at the same time.
 */
const suite = (displayName, testRegex) => ({
  displayName,
  testRegex,
  transform,
  testEnvironment: 'node',
  moduleNameMapper: { '^@activity-feed/(.*)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/(libs|services)/[^/]+/(dist|bundle)/', '<rootDir>/\\.data/'],
});

module.exports = {
  projects: [
    suite('unit', '\\.spec\\.ts$'),
    suite('int', '(?<!\\.alone|\\.editions)\\.int-spec\\.ts$'),
    suite('editions', '\\.editions\\.int-spec\\.ts$'),
    suite('e2e', '(?<!\\.alone)\\.e2e-spec\\.ts$'),
    suite('alone', '\\.alone\\.(int|e2e)-spec\\.ts$'),
  ],
  testTimeout: 120_000,
};
