import { formatCount, inBothLanguages } from './both-languages.ts';

/** State: records and their history. */
export const stateMessages = inBothLanguages(
  {
    collections: {
      orders: 'Orders',
      linkages: 'Bindings',
      accounts: 'Accounts',
      payments: 'Payments',
      cards: 'Cards',
      requests: 'Request id',
      calls: 'Call count',
      stories: 'Story state',
    },
    state: {
      lead:
        'What the simulator holds for each client: the last accepted message about each order, ' +
        'binding, account, payment and card.',
      collections: 'Collections',
      search: 'Search',
      searchHint: 'order number, user, status…',
      recordName: {
        orders: 'Order',
        linkages: 'Binding',
        accounts: 'Account',
        payments: 'Payment',
        cards: 'Card',
      },
      updates: 'Messages',
      eventTime: 'Event time',
      empty: {
        orders: 'No orders yet',
        linkages: 'No bindings yet',
        accounts: 'No accounts yet',
        payments: 'No payments yet',
        cards: 'No cards yet',
      },
      emptyMore: 'The first accepted message appears here. Send one:',
      nothingFound: 'Nothing found',
      pages: 'Pages',
      pageCount: (shown: number, total: number) => `${shown} of ${formatCount(total)} shown`,
      newest: 'Newest',
      older: 'Older',
      unknownRecord: (client: string) =>
        `No such record is held for ${client}. It may have been reset, or belong to another ` +
        'client.',
      diagram: (type: string) => `Status: ${type}`,
      diagramMeans: (held: string, next: readonly string[]) =>
        `The order is ${held}. ` +
        `${next.length === 0 ? 'This is final.' : `It may become ${next.join(', ')}.`}`,
      legend: {
        held: 'current',
        may: 'may follow',
        accepted: 'accepted',
        refused: 'refused',
        stale: 'stale, ignored',
      },
      history: 'History',
      exchanges: 'Show in the list of exchanges',
      noHistory: 'The journal has no exchange about it.',
      historyEvicted: (gone: number) =>
        `The journal has evicted ${formatCount(gone)} older exchanges; the beginning of this ` +
        'history may be among them.',
      fields: 'Fields held',
      export: 'Export the state of this client',
      import: 'Import a state',
      importedCount: (count: number) =>
        `Imported ${formatCount(count)} ${count === 1 ? 'record' : 'records'}.`,
      reset: 'Reset this client',
      resetTitle: (client: string) => `Reset ${client}?`,
      resetMore:
        'Its exchanges, records, request ids, scenarios, one-shots and clock are reset. Its keys ' +
        'stay.',
    },
    messageResults: {
      accepted: 'accepted',
      repeated: 'repeated',
      stale: 'stale',
      refused: 'refused',
    },
  },
  {
    collections: {
      orders: '訂單',
      linkages: '綁定',
      accounts: '賬戶',
      payments: '付款',
      cards: '會員卡',
      requests: '請求編號',
      calls: '呼叫次數',
      stories: '情境狀態',
    },
    state: {
      lead: '模擬器為每個客戶端保存的內容：每個訂單、綁定、賬戶、付款及會員卡最後一個獲接受的訊息。',
      collections: '類別',
      search: '搜尋',
      searchHint: '訂單編號、用戶、狀態…',
      recordName: {
        orders: '訂單',
        linkages: '綁定',
        accounts: '賬戶',
        payments: '付款',
        cards: '會員卡',
      },
      updates: '訊息數',
      eventTime: '事件時間',
      empty: {
        orders: '尚無訂單',
        linkages: '尚無綁定',
        accounts: '尚無賬戶',
        payments: '尚無付款',
        cards: '尚無會員卡',
      },
      emptyMore: '第一個獲接受的訊息會在此出現。發送一個：',
      nothingFound: '找不到任何記錄',
      pages: '分頁',
      pageCount: (shown, total) => `顯示 ${formatCount(total)} 項中的 ${shown} 項`,
      newest: '最新',
      older: '較舊',
      unknownRecord: (client) => `${client} 沒有這項記錄。它可能已被重設，或屬於另一個客戶端。`,
      diagram: (type) => `目前狀態：${type}`,
      diagramMeans: (held, next) =>
        `訂單現為 ${held}。${next.length === 0 ? '此為最終狀態。' : `可轉為 ${next.join('、')}。`}`,
      legend: {
        held: '目前',
        may: '可轉往',
        accepted: '已接受',
        refused: '被拒',
        stale: '過時，不予採納',
      },
      history: '歷程',
      exchanges: '在請求記錄列表中顯示',
      noHistory: '日誌沒有關於它的請求。',
      historyEvicted: (gone) =>
        `日誌已移除較舊的 ${formatCount(gone)} 個請求，這段歷程的開頭可能亦在其中。`,
      fields: '現存內容',
      export: '匯出此客戶端的狀態',
      import: '匯入狀態',
      importedCount: (count) => `已匯入 ${formatCount(count)} 項記錄。`,
      reset: '重設此客戶端',
      resetTitle: (client) => `重設 ${client}？`,
      resetMore: '其請求記錄、資料、請求編號、情境、一次性規則及時鐘均會重設；密鑰不變。',
    },
    messageResults: { accepted: '已接受', repeated: '重複', stale: '過時', refused: '被拒' },
  },
);
