import { defineConfig } from 'vitest/config';

// One simulator for the whole run. Fifty tests at once are more than most need, and a small machine takes its time over them.
export default defineConfig({
  test: { globalSetup: ['alipayhk-mock/vitest/setup'], maxConcurrency: 50, testTimeout: 60_000 },
});
