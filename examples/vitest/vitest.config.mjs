import { defineConfig } from 'vitest/config';

// One simulator for the whole run. Fifty parallel tests are slow on a small machine, so the timeout
// is long.
export default defineConfig({
  test: { globalSetup: ['alipayhk-mock/vitest/setup'], maxConcurrency: 50, testTimeout: 60_000 },
});
