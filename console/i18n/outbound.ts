import { formatCount, inBothLanguages } from './both-languages.ts';

type TextByName = Readonly<Record<string, string>>;

/** Calls that the platform makes to the merchant, and their plan. */
export const outboundMessages = inBothLanguages(
  {
    outbound: {
      lead: 'Calls that the platform makes to your server, and when they are sent again.',
      none: 'No call was planned',
      noneMore:
        'Set outbound.targets to your addresses, then use alipayhk-mock notify, a scenario with ' +
        'notify, or the form below. No address is taken from a request.',
      call: 'Call',
      state: 'State',
      next: 'Next attempt',
      attempts: 'Attempts',
      actions: 'Actions',
      message: 'Message',
      address: 'Address',
      attempt: 'Attempt',
      toYou: 'to you',
      states: {
        pending: 'pending',
        acknowledged: 'acknowledged',
        exhausted: 'plan ended without SUCCESS',
        cancelled: 'cancelled',
      } as TextByName,
      sendNow: 'Send now',
      cancel: 'Cancel',
      sendNowOf: (call: string, id: string) => `Send ${call} ${id} now`,
      cancelOf: (call: string, id: string) => `Cancel ${call} ${id}`,
      noTarget: 'no address is configured',
      plannedFor: (time: string) => `${time} by the client’s clock`,
      summary: (shown: number, total: number) =>
        `${formatCount(shown)} of ${formatCount(total)} messages`,
      plan: 'Have your server called',
      planIt: 'Send',
      acknowledged: 'Acknowledged',
      notAcknowledged: 'Not acknowledged',
      problems: 'What is wrong with the answer',
      steps: 'Steps of the call',
      byScenario: (rule: string) => `by ${rule}`,
    },
  },
  {
    outbound: {
      lead: '平台呼叫你伺服器的訊息，以及何時再次發送。',
      none: '沒有計劃任何呼叫',
      noneMore:
        '先把 outbound.targets 設為你的地址，然後使用 alipayhk-mock notify、帶有 notify 的情境，或下面的表格。絕不採用請求中的地址。',
      call: '呼叫',
      state: '狀態',
      next: '下次嘗試',
      attempts: '嘗試',
      actions: '操作',
      message: '訊息',
      address: '地址',
      attempt: '第幾次',
      toYou: '發給你',
      states: {
        pending: '待發送',
        acknowledged: '已確認',
        exhausted: '計劃已完結而沒有 SUCCESS',
        cancelled: '已取消',
      },
      sendNow: '立即發送',
      cancel: '取消',
      sendNowOf: (call, id) => `立即發送 ${call} ${id}`,
      cancelOf: (call, id) => `取消 ${call} ${id}`,
      noTarget: '沒有設定地址',
      plannedFor: (time) => `${time}（客戶端時鐘）`,
      summary: (shown, total) => `${formatCount(total)} 個訊息中的 ${formatCount(shown)} 個`,
      plan: '呼叫你的伺服器',
      planIt: '發送',
      acknowledged: '已確認',
      notAcknowledged: '未獲確認',
      problems: '回應有何問題',
      steps: '呼叫的步驟',
      byScenario: (rule) => `由 ${rule} 觸發`,
    },
  },
);
