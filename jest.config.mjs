export default {
  testEnvironment: '<rootDir>/tools/test-globals.config.mjs',
  // Workspaces resolve to their sources, so a test never runs against a stale build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { configFile: './.swcrc', swcrc: true }] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // No test rests on luck: properties draw from one seed, unless PROPERTY_SEED says otherwise.
    '^fast-check$': '<rootDir>/tools/fast-check.config.mjs',
  },
  testSequencer: '<rootDir>/tools/test-order.config.mjs',
  testRunner: '<rootDir>/tools/test-runner.config.mjs',
  testMatch: ['<rootDir>/{libs,services}/**/*.spec.ts', '<rootDir>/tools/**/*.spec.mjs'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.cache/', '/.runtime/'],
  modulePathIgnorePatterns: ['/dist/', '/.cache/', '/.runtime/'],
  collectCoverageFrom: ['{libs,services}/**/src/**/*.ts', '!**/*.spec.ts', '!**/generated/**', '!**/main.ts'],
  coverageProvider: 'v8',
  // Against hanging alone, for a machine ten times slower. Waits inside a test are shorter, so that they say what they waited for.
  testTimeout: 300_000,
};
