import { once } from 'node:events';
import { withPinnedCores } from '../machine/cores.ts';
import { startChild, stopChild } from '../process/children.ts';
import { repository, typeScript } from '../process/type-script.ts';
import type { CryptoOrder } from './crypto-order.ts';

/** Turns per second, on the given cores. */
export const measureCrypto = async (
  order: CryptoOrder,
  cores: readonly number[],
): Promise<number> => {
  const { command, args } = withPinnedCores(
    cores,
    process.execPath,
    typeScript('crypto/crypto-process.ts'),
  );
  const child = startChild(command, args, {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    child.send(order);
    const [perSecond] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => [Number.NaN]),
    ])) as [number];
    return perSecond;
  } finally {
    await stopChild(child);
  }
};
