import { access } from 'node:fs';
import { availableParallelism } from 'node:os';

const variable = 'UV_THREADPOOL_SIZE';
const usualThreads = 4;

/**
 * Gives Node's thread pool no more threads than there are processors. All of them sign; four on two
 * processors take turns with each other and with the thread that has their work for them, and a
 * tenth fewer requests are answered. Whoever has set the size is obeyed. The pool reads the
 * variable when it is first used, so it must not have been: Node's loader of ES modules uses it,
 * that of CommonJS does not. With one processor the pool does not sign.
 */
export const fitThreadPool = (): void => {
  const processors = availableParallelism();
  if (process.env[variable] !== undefined || processors === 1 || processors >= usualThreads) return;
  process.env[variable] = String(processors);
  access('.', () => {});
  // It is not for the programs that are started from here.
  delete process.env[variable];
};
