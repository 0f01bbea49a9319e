import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onWrapperExit } from '../../server/cli/commands/serve.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const callsAfterParentEnds = (script: string | undefined): number => {
  const callback = vi.fn();
  const parent = vi.spyOn(process, 'ppid', 'get').mockReturnValue(100);
  const stop = onWrapperExit(
    callback,
    script === undefined ? {} : { npm_lifecycle_script: script },
  );
  vi.advanceTimersByTime(1000);
  expect(callback).not.toHaveBeenCalled();
  parent.mockReturnValue(1);
  vi.advanceTimersByTime(1000);
  stop();
  return callback.mock.calls.length;
};

test.each([
  'alipayhk-mock',
  "'alipayhk-mock' --port 0",
  'npm run --silent build && node dist/main.cjs',
  'alipayhk-mock > mock.log 2>&1',
])('%s ends with the shell of npm', (script) => {
  expect(callsAfterParentEnds(script)).toBe(1);
});

test.each([undefined, 'alipayhk-mock & vitest', 'alipayhk-mock 2>&1 &', 'node start-mock.js'])(
  '%s may outlive the shell',
  (script) => {
    expect(callsAfterParentEnds(script)).toBe(0);
  },
);
