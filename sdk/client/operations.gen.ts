/* Generated from openapi/alipayhk.yaml by npm run generate. */

export const wireOperations = {
  syncAdditionalInfo: { path: '/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync', resultField: 'result', hasRequestId: true },
  syncAccountLinkage: { path: '/api/open/alipay/v1/promotion/binding/sync', resultField: 'result', hasRequestId: true },
  syncPaymentInfo: { path: '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync', resultField: 'result', hasRequestId: true },
  syncOrder: { path: '/api/open/alipay/v1/merchant/order/sync', resultField: 'result', hasRequestId: true },
  updateMembershipCard: { path: '/api/open/alipay/v1/ipass/pass/manage/updatePass', resultField: 'resultInfo', hasRequestId: false },
} as const;
