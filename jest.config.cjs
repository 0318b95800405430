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
 * Suites by what they cost: no I/O; real servers inside this process; the whole system over HTTP. What disturbs the servers
 * for all others, or freezes them, runs alone.
 */
const suite = (displayName, testRegex) => ({
  displayName,
  testRegex,
  transform,
  testEnvironment: 'node',
  moduleNameMapper: { '^@activity-feed/(.*)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
});

module.exports = {
  projects: [
    suite('unit', '\\.spec\\.ts$'),
    suite('int', '(?<!\\.alone)\\.int-spec\\.ts$'),
    suite('e2e', '(?<!\\.alone)\\.e2e-spec\\.ts$'),
    suite('alone', '\\.alone\\.(int|e2e)-spec\\.ts$'),
  ],
  testTimeout: 60_000,
};
