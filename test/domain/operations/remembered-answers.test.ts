import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { decideRequest } from '../../../server/domain/operations/decide-request.ts';
import { syncOrder } from '../../../server/domain/operations/sync-order.ts';
import { packageRoot } from '../../../server/package-root.ts';

const { value: contract } = readContract(
  join(packageRoot, 'openapi', 'alipayhk.yaml'),
  settingsWith({}),
);
const operation = contract?.operations.get('syncOrder') ?? expect.fail('no syncOrder');

/** The contract with another letter in the row of a code that the rule of orders answers. */
const contractWhere = (status: 'S' | 'F' | 'U') => {
  const row = operation.results.get('ORDER_STATUS_INVALID') ?? expect.fail('no such row');
  return { ...operation, results: new Map([...operation.results, [row.code, { ...row, status }]]) };
};

const decideUnknownStatus = (status: 'S' | 'F' | 'U') =>
  decideRequest(
    {
      endpoint: syncOrder,
      operation: contractWhere(status),
      call: {
        request: {
          requestId: 'R-1',
          merchantBizNo: 'T-1',
          merchantBizType: 'TICKET',
          orderStatus: 'NO_SUCH',
          orderModifyTime: 1,
        },
        fingerprint: 'f',
        identity: '["T-1"]',
        requestKey: 'syncOrder R-1',
      },
      held: { entity: undefined, remembered: undefined },
      context: {
        clientId: 'SHOP',
        now: 0,
        policies: settingsWith({}),
        statusMachines: new Map([['TICKET', new Map()]]),
      },
    },
    undefined,
  );

test('an answer of F is remembered under its requestId (I-04)', () => {
  const { answer, changes } = decideUnknownStatus('F');
  expect(answer).toMatchObject({ code: 'ORDER_STATUS_INVALID', status: 'F' });
  expect(changes).toEqual([
    {
      collection: 'requests',
      id: 'syncOrder R-1',
      value: { fingerprint: 'f', fieldHashes: expect.any(String), answer },
    },
  ]);
});

test('an answer that a contract makes U is not remembered: the retry is processed again (I-04)', () => {
  const { answer, changes } = decideUnknownStatus('U');
  expect(answer).toMatchObject({ code: 'ORDER_STATUS_INVALID', status: 'U' });
  expect(changes).toEqual([]);
});
