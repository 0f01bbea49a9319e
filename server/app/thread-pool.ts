import { access } from 'node:fs';
import { availableParallelism } from 'node:os';

const variable = 'UV_THREADPOOL_SIZE';
const usualThreads = 4;

/**
 * Gives Node's thread pool no more threads than there are processors. All of them sign; four on two
 * processors compete with each other and with the main thread, and a tenth fewer requests are
 * answered. A size that the environment sets is kept. The pool reads the
 * variable when it is first used, so it must not have been: Node's loader of ES modules uses it,
 * that of CommonJS does not. With one processor the pool does not sign.
 */
export const fitThreadPool = (): void => {
  const processors = availableParallelism();
  if (process.env[variable] !== undefined || processors === 1 || processors >= usualThreads) return;
  process.env[variable] = String(processors);
  access('.', () => {});
  // Child processes are not meant to inherit it.
  delete process.env[variable];
};
