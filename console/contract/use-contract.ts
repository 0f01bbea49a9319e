import { useEffect, useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import { useRecovery } from '../api/recovery.ts';
import { oncePerRun } from '../api/run-cache.ts';
import { type ContractReading, readContract } from './contract-reading.ts';

/**
 * The contract as it is served, read once for the whole page; it does not change while the
 * simulator runs.
 */
const contractOnce: () => Promise<ContractReading> = oncePerRun(() =>
  askJson<unknown>('/contract').then(readContract),
);

export const useContract = (): ContractReading | undefined => {
  const [contract, show] = useState<ContractReading | undefined>();
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (contract === undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    let isHere = true;
    contractOnce().then(
      (value) => isHere && show(value),
      // Without it the page says less; whoever needs it shows the error of its own question.
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [turn]);
  return contract;
};
