import { afterEach, expect, test } from 'vitest';
import { createMockServer } from '../../../sdk/testing/index.ts';
import { finishRun } from '../../../sdk/testing/run-end.ts';

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
});

test('a run that covers too little ends with 1, also where a failed teardown does not count', async () => {
  const server = await createMockServer();
  await expect(finishRun(server, { isStrict: false, coverage: { minHandled: 1 } })).rejects.toThrow(
    'no exchange of the suite was seen',
  );
  expect(process.exitCode).toBe(1);
});

test('a run that covers enough ends as its tests do', async () => {
  const server = await createMockServer();
  await finishRun(server, { isStrict: true });
  expect(process.exitCode).toBe(before);
});
