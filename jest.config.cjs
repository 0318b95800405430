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

/** Three suites by what they cost: no I/O, real servers inside this process, the whole system over HTTP. */
const suite = (displayName, testRegex) => ({
  displayName,
  testRegex,
  transform,
  testEnvironment: 'node',
  moduleNameMapper: { '^@activity-feed/(.*)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
});

module.exports = {
  projects: [suite('unit', '\\.spec\\.ts$'), suite('int', '\\.int-spec\\.ts$'), suite('e2e', '\\.e2e-spec\\.ts$')],
  testTimeout: 60_000,
};
