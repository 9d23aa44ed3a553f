/** Jest runs the TypeScript tests against lib/, not dist/: a failing line is a source line. */
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // tsconfig.json sets isolatedModules, so files are only transpiled; `npm run typecheck` checks.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json' }] },
  moduleNameMapper: {
    '^gated-linear-networks$': '<rootDir>/lib/index.ts',
    '^gated-linear-networks/layers$': '<rootDir>/lib/layers/index.ts',
  },
  maxWorkers: 2,
};
