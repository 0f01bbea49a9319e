import type { OperationId } from '../contract/contract.ts';
import type { Endpoint } from './endpoint.ts';
import { syncAccountLinkage, syncAdditionalInfo, syncPaymentInfo } from './sync-accounts.ts';
import { syncOrder } from './sync-order.ts';
import { updateMembershipCard } from './update-membership-card.ts';

/**
 * The list of endpoints. A sixth one is a path in the contract, a file next to this one, and a line
 * here.
 */
export const endpoints: readonly Endpoint[] = [
  syncAdditionalInfo,
  syncAccountLinkage,
  syncPaymentInfo,
  syncOrder,
  updateMembershipCard,
];

/** The endpoint that serves an operation. @throws Error when none does, which is a bug */
export const endpointFor = (operation: OperationId): Endpoint => {
  const found = endpoints.find(({ operationId }) => operationId === operation);
  if (found === undefined) throw new Error(`no endpoint serves ${operation}`);
  return found;
};
