import { requireOperation, shippedContract } from '../shipped-contract.ts';

export interface ContractAnswer {
  readonly path: string;
  readonly answer: object;
}

/** For peers that do not read OpenAPI: each operation's path and its answer to a success. */
export const contractAnswers = (): readonly ContractAnswer[] => {
  const contract = shippedContract();
  return [...contract.operations.keys()].map((id) => {
    const {
      path,
      resultFields: [resultField],
    } = requireOperation(contract, id);
    const result = {
      [resultField]: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' },
    };
    return {
      path,
      answer:
        id === 'syncOrder'
          ? { ...result, orderId: '2025052200000000000000008231', orderStatus: 'TICKETED' }
          : result,
    };
  });
};
