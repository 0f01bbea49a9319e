import type { exchange as english } from '../en/exchange.ts';

const number = (value: number): string => value.toLocaleString('zh-HK');

export const exchange: typeof english = {
  exchange: {
    title: '請求記錄',
    back: '所有請求記錄',
    rule: '由情境決定',
    gone: '日誌已沒有這個請求記錄',
    goneMore:
      '日誌只保留最新的部分（上限為 journal.entries 及 journal.bytes）；也可能是日誌已被重設，或模擬器曾重新啟動。',
  },
  actions: {
    title: '對此請求記錄的操作',
    curl: '複製為 curl',
    test: '複製為測試',
    sendAgain: '再次發送',
    sendAgainMore: '原封不動地再發一次，連同簽名',
    scenario: '存為情境',
    har: '下載 HAR',
  },
  why: {
    refusedAt: (step) => `在此步驟被拒：${step}`,
    accepted: '已接受',
    unexplained: {
      signature: '簽名未能通過驗證，亦沒有單一已知錯誤可以解釋',
      sealing: '未能解開加密內容，亦沒有單一已知錯誤可以解釋',
    },
    besides: '此外',
    difference: '你簽名的內容，與你發送的內容',
    differenceMore:
      '換行顯示為 LF，回車顯示為 CR，行尾空格顯示為 ·，並非文字的位元組以十六進制顯示。',
    toBeSigned: '應該簽名的內容',
    toBeSignedMore: '請逐個位元組對照你的程式交給簽名函式的內容。',
    firstAt: (byte, line) => `首個差異在第 ${number(byte)} 個位元組，第 ${line} 行。`,
    signed: '你簽名的',
    sent: '你發送的，亦即應簽名的',
    fix: '修正方法',
    fixLanguage: '修正方法的程式語言',
    evidence: '依據',
    certain: '可以肯定的事',
    harmless: '另外留意到，但無礙',
    stopped: '搜尋到達上限而停止，並未試遍所有可能。',
    fieldsAtFault: (count) => `有 ${count} 個欄位不符合合約`,
    todo: '該怎樣做',
    codeMeans: (code) => `${code} 的意思`,
    letPass: '有點異常，但予以放行',
    restsOn: '仿真依據：',
    decided: (code) => `原定結果：${code}，`,
    repeated: (code) => `此 requestId 已獲回覆：再次送出首次的回應 ${code}，狀態不變`,
    stale: (code) => `回應 ${code}，但不予採納：它並不比現存的訊息新，狀態不變`,
    mismatch: '此 requestId 已用於另一個內容',
    mismatchAdvice:
      '一個 requestId 只代表一個訊息。重試時請原樣重發相同的位元組；新訊息請使用新的 requestId。',
    firstUse: '打開首個使用此 requestId 的請求',
    firstUseGone: '日誌已沒有首個使用此 requestId 的請求。',
  },
  delivery: {
    title: '送達內容',
    noAnswer: '沒有送達任何回應',
    notDelivered: '未送達',
    altered: '刻意更改',
    repeated: '重複',
    stale: '過時',
    otherContent: '內容不同',
    decidedOnly: (code) => `結果為 ${code}，但沒有送達任何回應`,
    nothing: (ending, code) =>
      code === 'NO_ANSWER'
        ? `沒有送達任何回應：${ending}`
        : `沒有送達任何回應：${ending}。客戶端並不知道結果為 ${code}`,
    alteredBy: (fault, httpStatus, code) =>
      `送達時帶有故障 ${fault}：HTTP ${httpStatus}，而非正常的 ${code} 回應`,
    ending: (fault) => (fault === '' ? '客戶端已斷線' : `故障 ${fault}`),
    endings: {
      reset: '連線被重設',
      close: '連線被關閉',
      hang: '連線一直沒有回應',
      'partial-status': '連線在狀態行中途被關閉',
    },
  },
  pipeline: {
    title: '經過網關的步驟',
    fates: {
      passed: '通過',
      refused: '拒絕',
      unreached: '未到達',
      undelivered: '未送達',
      altered: '已更改',
    },
  },
  messages: {
    title: '請求與回應',
    request: '請求',
    reply: '回應',
    body: '內容',
    bodyForm: '內容的顯示方式',
    raw: '位元組',
    opened: '解密後',
    empty: '沒有內容。',
    redacted: '內容曾加密，因此不顯示明文。以 --journal-plaintext on 啟動便可查看。',
    cut: (count) => `另有 ${number(count)} 位元組`,
    httpStatus: (status) => `HTTP ${status}`,
    otherHeaders: (count) => `其他 ${count} 個標頭`,
  },
  changes: {
    title: '狀態變更',
    none: '沒有。被拒絕的請求不會改變狀態。',
    noneThough: '沒有改變。',
    memories: (count) => `另有 ${count} 項內部記錄`,
    kinds: { added: '新增', changed: '更改', removed: '移除' },
    field: '欄位',
    before: '之前',
    after: '之後',
  },
};
