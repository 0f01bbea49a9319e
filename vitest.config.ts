import { defineConfig } from 'vitest/config';

/** Walks through the console in a browser, and the widest tables: minutes, not seconds. */
const longTests = [
  'test/cli/every-command.test.ts',
  'test/console/truth.test.ts',
  'test/console/views.test.ts',
  'test/distribution/bundled.test.ts',
  'test/docs/commands.test.ts',
  'test/domain/scenarios/shipped-scenarios.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // More would only share the processors with the servers that the tests start.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'main', include: ['test/**/*.test.ts'], exclude: longTests },
      },
      { extends: true, test: { name: 'long', include: longTests } },
    ],
  },
});
