import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { withPinnedCores } from '../machine/cores.ts';
import { startChild, stopChild } from '../process/children.ts';
import { repository, typeScript } from '../process/type-script.ts';
import type { LoadJob, Measurement } from './load-order.ts';

type Report = { readonly measurement: Measurement } | { readonly failure: string };

/** The load process, seen from outside. One order at a time. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor(cores: readonly number[]) {
    const { command, args } = withPinnedCores(
      cores,
      process.execPath,
      typeScript('load/load-process.ts'),
    );
    // Advanced serialization keeps NaN, which marks what cannot be measured here.
    this.#child = startChild(command, args, {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
  }

  async run(order: LoadJob): Promise<Measurement> {
    this.#child.send(order);
    const ended = new AbortController();
    try {
      const [report] = (await Promise.race([
        once(this.#child, 'message', { signal: ended.signal }),
        once(this.#child, 'exit', { signal: ended.signal }).then(() => [
          { failure: 'the load process ended' },
        ]),
      ])) as [Report];
      if ('failure' in report) throw new Error(report.failure);
      return report.measurement;
    } finally {
      ended.abort();
    }
  }

  stop(): Promise<void> {
    return stopChild(this.#child);
  }
}
