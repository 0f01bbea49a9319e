import { useEffect, useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import { type ContractReading, readContract } from './contract-reading.ts';

let asked: Promise<ContractReading> | undefined;

/** The contract as it is served, read once for the whole page; it does not change while the simulator runs. */
const contractOnce = (): Promise<ContractReading> => {
  asked ??= askJson<unknown>('/contract').then(readContract);
  asked.catch(() => {
    asked = undefined;
  });
  return asked;
};

export const useContract = (): ContractReading | undefined => {
  const [contract, show] = useState<ContractReading | undefined>();
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
  }, []);
  return contract;
};
