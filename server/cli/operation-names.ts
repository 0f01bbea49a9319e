/** What the operations are called on a command line. */
export const shortNames: Readonly<Record<string, string>> = {
  'additional-info': 'syncAdditionalInfo',
  'account-linkage': 'syncAccountLinkage',
  'payment-info': 'syncPaymentInfo',
  'order-sync': 'syncOrder',
  'membership-card': 'updateMembershipCard',
};

export const operationHelp = `${Object.keys(shortNames).join(', ')}, or the operationId`;
