import { type Capsule, readCapsule, sealCapsule, writeCapsule } from './capsule-file.ts';
import type { StartPlayback } from './playback.ts';
import { replayCapsule } from './replay-capsule.ts';

/**
 * Leaves out what the last exchange of a capsule replays without: exchanges before it, then records
 * that it would find. Each is left out for good where the replay is then still the same.
 */
export const minimizeCapsule = async (capsule: Capsule, start: StartPlayback): Promise<Capsule> => {
  let best = capsule;
  if (!(await replaysAlike(best, start))) return best;
  for (const { number } of capsule.exchanges.slice(0, -1)) {
    const exchanges = best.exchanges.filter((one) => one.number !== number);
    best = await unlessItDiffers(best, exchanges, start);
  }
  for (const { number, before = [] } of best.exchanges)
    for (const record of before) {
      const exchanges = best.exchanges.map((one) => {
        if (one.number !== number) return one;
        const { before: found = [], ...rest } = one;
        const left = found.filter((other) => JSON.stringify(other) !== JSON.stringify(record));
        return left.length === 0 ? rest : { ...rest, before: left };
      });
      best = await unlessItDiffers(best, exchanges, start);
    }
  return best;
};

const unlessItDiffers = async (
  best: Capsule,
  exchanges: Capsule['exchanges'],
  start: StartPlayback,
): Promise<Capsule> => {
  const { integrity: _, ...members } = best;
  const tried = sealCapsule({ ...members, exchanges });
  return (await replaysAlike(tried, start)) ? tried : best;
};

const replaysAlike = async (capsule: Capsule, start: StartPlayback): Promise<boolean> => {
  const read = readCapsule(Buffer.from(writeCapsule(capsule)), 'capsule');
  const results = await replayCapsule(read, { start });
  return results.every(({ result }) => result !== 'differs');
};
