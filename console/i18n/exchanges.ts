import { formatCount, inBothLanguages } from './both-languages.ts';

/** The list of exchanges. */
export const exchangesMessages = inBothLanguages(
  {
    filterNames: {
      text: 'Text',
      client: 'Any client',
      operation: 'Any operation',
      code: 'Any code',
      status: 'Any status',
      step: 'Any step',
      finding: 'Findings',
    },
    list: {
      search: 'Search ids, orders, codes, bodies',
      filters: 'Filters',
      pause: 'Pause',
      resume: 'Resume',
      waiting: (count: number) => `${formatCount(count)} new`,
      count: (count: number) => `${formatCount(count)} ${count === 1 ? 'exchange' : 'exchanges'}`,
      shownCount: (shown: number, all: number) =>
        `${formatCount(shown)} of ${formatCount(all)} exchanges`,
      evictedCount: (gone: number, held: number) =>
        `the journal keeps the last ${formatCount(held)}; ${formatCount(gone)} older ones ` +
        'were evicted',
      newestCount: (shown: number, held: number) =>
        `the newest ${formatCount(shown)} of ${formatCount(held)} exchanges`,
      clearFilters: 'Clear filters',
      anyFinding: 'With a finding',
      diagnosing: 'diagnosis pending',
      noOperation: 'no operation',
      noMatch: 'No exchange matches',
      noMatchMore: (all: number) =>
        `The list has ${formatCount(all)} other ${all === 1 ? 'exchange' : 'exchanges'}.`,
    },
    firstSteps: {
      title: 'Nothing has been sent yet',
      lead:
        'Every request to the simulator appears here as soon as it is answered, refused ones ' +
        'included. Three ways to begin:',
      send: 'Send a signed sample',
      sendMore: 'Signs as the demo client and verifies the response.',
      orHere: 'Or fill in a form here',
      curl: 'See a refusal: a call with an invalid signature',
      backend: 'Point your backend here',
      baseUrl: 'Base URL',
      platformKey: "AlipayHK's public key",
    },
  },
  {
    filterNames: {
      text: '文字',
      client: '所有客戶端',
      operation: '所有操作',
      code: '所有結果碼',
      status: '所有狀態',
      step: '所有步驟',
      finding: '診斷結果',
    },
    list: {
      search: '搜尋編號、訂單、結果碼、內容',
      filters: '篩選',
      pause: '暫停',
      resume: '繼續',
      waiting: (count) => `${formatCount(count)} 項新增`,
      count: (count) => `${formatCount(count)} 個請求`,
      shownCount: (shown, all) => `${formatCount(all)} 個請求中的 ${formatCount(shown)} 個`,
      evictedCount: (gone, held) =>
        `日誌只保留最近 ${formatCount(held)} 個，較舊的 ${formatCount(gone)} 個已被移除`,
      newestCount: (shown, held) => `${formatCount(held)} 個請求中最新的 ${formatCount(shown)} 個`,
      clearFilters: '清除篩選',
      anyFinding: '有診斷結果',
      diagnosing: '等待診斷',
      noOperation: '沒有對應操作',
      noMatch: '沒有符合的請求記錄',
      noMatchMore: (all) => `列表中另有 ${formatCount(all)} 個請求。`,
    },
    firstSteps: {
      title: '尚未收到任何請求',
      lead: '發往模擬器的每個請求，一經回覆便會在此出現，被拒絕的也不例外。可以從以下三種方式開始：',
      send: '發送一個已簽名的範例',
      sendMore: '以示範客戶端簽名，並驗證回應的簽名。',
      orHere: '或在此填寫表單',
      curl: '看看被拒絕的樣子：簽名無效的請求',
      backend: '把你的後端指向這裏',
      baseUrl: '基本網址',
      platformKey: 'AlipayHK 公鑰',
    },
  },
);
