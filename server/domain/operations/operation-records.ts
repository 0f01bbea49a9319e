const accountFields = ['openId', 'accountId', 'type', 'subType'] as const;

/**
 * What each operation writes down: in which collection, and the fields that together name it
 * (register O-03). The console's page reads it too, so nothing of node is imported here.
 */
export const operationRecords = {
  syncOrder: { collection: 'orders', identity: ['merchantBizNo'] },
  syncAccountLinkage: {
    collection: 'linkages',
    identity: [
      'externalIdentityType',
      'externalIdentityValue',
      'userId',
      'bindingTargetType',
      'bindingTarget',
    ],
  },
  syncAdditionalInfo: { collection: 'accounts', identity: accountFields },
  syncPaymentInfo: { collection: 'payments', identity: accountFields },
  updateMembershipCard: { collection: 'cards', identity: ['merchantId', 'passId'] },
} as const;

export type OperationRecord = (typeof operationRecords)[keyof typeof operationRecords];
