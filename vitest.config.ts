import { defineConfig } from 'vitest/config';

/**
 * What takes minutes, not seconds: rounds of killed processes, drills with many keys, and the widest
 * tables.
 */
const longTests = [
  'test/cli/certify-drivers.test.ts',
  'test/cli/certify-passive.test.ts',
  'test/cli/commands/lint.test.ts',
  'test/cli/every-command.test.ts',
  'test/cli/language.test.ts',
  'test/cli/mcp.test.ts',
  'test/clients/key-folder/keys-command.test.ts',
  'test/clients/key-folder/rotation-drill.test.ts',
  'test/conformance/coverage/one-shots.test.ts',
  'test/distribution/bundled.test.ts',
  'test/docs/commands.test.ts',
  'test/domain/chinese/problem-texts.test.ts',
  'test/domain/scenarios/shipped-scenarios.test.ts',
  'test/fidelity/calibrate/open-world.test.ts',
  'test/fidelity/calibrate/recovery.test.ts',
  'test/fidelity/capsule/every-exchange.test.ts',
  'test/fidelity/compare/attribution.test.ts',
  'test/fidelity/no-secrets.test.ts',
  'test/outbound/faulty-receivers.test.ts',
  'test/outbound/outbound-tables.test.ts',
  'test/outbound/real-limits.test.ts',
  'test/outbound/restart-and-tls.test.ts',
  'test/storage/file/crash.test.ts',
  'test/storage/file/two-processes.test.ts',
  'test/storage/many-refused-commits.test.ts',
  'test/storage/redis/addresses.test.ts',
  'test/storage/redis/certify.test.ts',
  'test/storage/redis/failures.test.ts',
  'test/storage/redis/redis-store.test.ts',
  'test/storage/redis/replicas.test.ts',
];

/** Walks through the console in a real browser; they take minutes as well. */
const browserTests = [
  'test/console/housekeeping.test.ts',
  'test/console/truth.test.ts',
  'test/console/views.test.ts',
  'test/console/walks.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    // A busy machine answers late; what never comes fails nevertheless.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    // More would only share the processors with the servers that the tests start.
    maxWorkers: 2,
    // `npm run coverage`: how much of the pure core the tests of the domain reach by themselves.
    coverage: {
      provider: 'v8',
      include: ['server/domain/**/*.ts'],
      exclude: ['**/*.gen.ts'],
      reporter: ['text'],
      thresholds: { branches: 90 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: [...longTests, ...browserTests],
          // The files of a worker share their modules: loading and warming up the simulator for each
          // of them took a third of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'long', include: longTests } },
      // The browser draws when it gets to it, so what fails is tried once more, and the report says
      // which test needed that. Everything else has one try.
      { extends: true, test: { name: 'browser', include: browserTests, retry: 1 } },
    ],
  },
});
