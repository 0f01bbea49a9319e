import type { Delivery } from '../../server/admin/types.gen.ts';
import { formatCount, inBothLanguages } from './both-languages.ts';

type EndedBy = Delivery['endedBy'];

/** One exchange: reason, steps, messages, state changes. */
export const exchangeMessages = inBothLanguages(
  {
    exchange: {
      title: 'Exchange',
      back: 'All exchanges',
      rule: 'Scripted by',
      gone: 'The journal no longer has this exchange',
      goneMore:
        'The journal keeps only the newest, up to journal.entries and journal.bytes. It may ' +
        'also have been reset, or the simulator restarted.',
    },
    actions: {
      title: 'Actions for this exchange',
      curl: 'Copy as curl',
      test: 'Copy as test',
      sendAgain: 'Send again',
      sendAgainMore: 'Sends the same bytes again, including the signature',
      scenario: 'Save as scenario',
      har: 'Download HAR',
      link: 'Copy a link to this exchange',
      page: 'Download as one HTML page',
      capsule: 'Download as a capsule',
    },
    why: {
      refusedAt: (step: string) => `Refused at: ${step}`,
      accepted: 'Accepted',
      unexplained: {
        signature: 'The signature does not verify, and no single known mistake explains it',
        sealing: 'The encrypted body cannot be decrypted, and no single known mistake explains it',
      },
      also: 'Also',
      difference: 'What you signed, compared with what you sent',
      differenceMore:
        'Line feeds show as LF, carriage returns as CR, spaces at line ends as ·, bytes that ' +
        'are not text as hex.',
      toBeSigned: 'What should have been signed',
      toBeSignedMore: 'Compare it byte by byte with what your code passes to its signing call.',
      firstAt: (byte: number, line: number) =>
        `The first difference is at byte ${formatCount(byte)}, in line ${line}.`,
      signed: 'You signed',
      sent: 'You sent, so sign this',
      fix: 'The fix',
      fixLanguage: 'Language of the fix',
      evidence: 'Evidence',
      certain: 'What is certain',
      harmless: 'Also noticed, but harmless',
      stopped: 'The search stopped at its limit, so not every variant was tried.',
      fieldsAtFault: (count: number) =>
        count === 1
          ? 'One field does not match the contract'
          : `${count} fields do not match the contract`,
      todo: 'What to do',
      codeMeans: (code: string) => `What ${code} means`,
      tolerated: 'Unusual, but accepted',
      basedOn: 'Based on the fidelity register:',
      decision: (code: string) => `Result ${code}:`,
      repeatedTitle: (code: string) =>
        `This requestId was answered before: the first response, ${code}, was sent again and ` +
        'nothing changed',
      staleTitle: (code: string) =>
        `Answered ${code}, but ignored: it is not newer than the message already held, so ` +
        'nothing changed',
      mismatchTitle: 'This requestId was already used with another body',
      mismatchAdvice:
        'A requestId identifies one message. To retry, send the identical bytes again; for a ' +
        'new message, use a new requestId.',
      firstUse: 'Open the first request with this requestId',
      firstUseGone: 'The journal no longer has the first request with this requestId.',
    },
    delivery: {
      title: 'Delivered',
      noResponse: 'No response was delivered',
      notDelivered: 'not delivered',
      altered: 'altered on purpose',
      repeated: 'repeated',
      stale: 'stale',
      otherContent: 'other content',
      decidedOnly: (code: string) => `The result is ${code}, but no response was delivered`,
      nothingDelivered: (ending: string, code: string) =>
        code === 'NO_ANSWER'
          ? `No response was delivered: ${ending}`
          : `No response was delivered: ${ending}. The client does not know of ${code}`,
      alteredBy: (fault: string, httpStatus: number, code: string) =>
        `Delivered with the fault ${fault}: HTTP ${httpStatus} instead of a proper ${code} ` +
        'response',
      ending: (fault: string, endedBy: EndedBy) =>
        fault !== ''
          ? `the fault ${fault}`
          : endedBy === 'client'
            ? 'the client had disconnected'
            : 'the simulator closed the connection',
      sentBytes: (bytes: number, isComplete: boolean) =>
        `${isComplete ? '' : 'only '}${formatCount(bytes)} bytes`,
      endedBy: {
        keptAlive: 'connection kept',
        server: 'closed by the simulator',
        client: 'closed by the client',
      } as Readonly<Record<EndedBy, string>>,
      endings: {
        reset: 'the connection was reset',
        close: 'the connection was closed',
        hang: 'the connection stayed silent',
        'partial-status': 'the connection was closed within the status line',
      } as Readonly<Record<string, string>>,
      step: 'Delivery',
      fault: 'fault',
      expected: 'What a correct client does',
      expectations: {
        done: 'Verifies the signature over the raw bytes, then treats the message as done.',
        unknown:
          'Treats the outcome as unknown: sends the same requestId with the same body again, ' +
          'with growing delays.',
        refused:
          'Verifies the signature, and does not send the request again unchanged: corrects it, ' +
          'or notifies a person.',
        unsigned:
          'Reads code and message of the unsigned refusal for its log, corrects the request, ' +
          'and treats nothing as done.',
        lost:
          'Treats the outcome as unknown, whatever has arrived, and sends the same requestId ' +
          'with the same body again.',
      },
    },
    pipeline: {
      title: 'Steps through the gateway',
      results: {
        passed: 'passed',
        refused: 'refused',
        unreached: 'not reached',
        undelivered: 'not delivered',
        incomplete: 'cut short',
        altered: 'altered',
      },
      after: (duration: string) => `after ${duration}`,
    },
    messages: {
      title: 'Request and response',
      request: 'Request',
      reply: 'Response',
      body: 'Body',
      bodyForm: 'Form of the body',
      raw: 'Bytes',
      opened: 'Decrypted',
      empty: 'No body.',
      redacted:
        'This body was encrypted, so its plain text is hidden. Start the simulator with ' +
        '--journal-plaintext on to see it.',
      cut: (count: number) => `${formatCount(count)} more bytes`,
      httpStatus: (status: number) => `HTTP ${status}`,
      otherHeaders: (count: number) => `${count} other headers`,
    },
    changes: {
      title: 'State changes',
      none: 'None. A refused request does not change the state.',
      noneThough: 'None.',
      internalRecords: (count: number) => `${count} internal ${count === 1 ? 'record' : 'records'}`,
      kinds: { added: 'added', changed: 'changed', removed: 'removed' },
      field: 'Field',
      before: 'Before',
      after: 'After',
    },
  },
  {
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
      sendAgainMore: '原樣再發送相同的位元組，連同簽名',
      scenario: '存為情境',
      har: '下載 HAR',
      link: '複製此請求記錄的連結',
      page: '下載為單一 HTML 頁面',
      capsule: '下載為 capsule',
    },
    why: {
      refusedAt: (step) => `在此步驟被拒：${step}`,
      accepted: '已接受',
      unexplained: {
        signature: '簽名未能通過驗證，亦沒有單一已知錯誤可以解釋',
        sealing: '未能解密正文，亦沒有單一已知錯誤可以解釋',
      },
      also: '此外',
      difference: '你簽名的內容，與你發送的內容',
      differenceMore:
        '換行顯示為 LF，回車顯示為 CR，行尾空格顯示為 ·，並非文字的位元組以十六進制顯示。',
      toBeSigned: '待簽名內容',
      toBeSignedMore: '請逐個位元組對照你的程式交給簽名函式的內容。',
      firstAt: (byte, line) => `首個差異在第 ${formatCount(byte)} 個位元組，第 ${line} 行。`,
      signed: '你簽名的',
      sent: '你發送的，亦即應簽名的',
      fix: '修正方法',
      fixLanguage: '修正方法的程式語言',
      evidence: '證據',
      certain: '可以肯定的事',
      harmless: '另外發現，但無礙',
      stopped: '搜尋到達上限而停止，並未試遍所有可能。',
      fieldsAtFault: (count) => `有 ${count} 個欄位不符合合約`,
      todo: '該怎樣做',
      codeMeans: (code) => `${code} 的意思`,
      tolerated: '有點異常，但予以放行',
      basedOn: '依據擬真登記冊：',
      decision: (code) => `原定結果 ${code}：`,
      repeatedTitle: (code) => `此 requestId 已獲回覆：再次送出首次的回應 ${code}，狀態不變`,
      staleTitle: (code) => `回應 ${code}，但不予採納：它並不比現存的訊息新，狀態不變`,
      mismatchTitle: '此 requestId 已用於另一個正文',
      mismatchAdvice:
        '一個 requestId 只代表一個訊息。重試時請原樣重發相同的位元組；新訊息請使用新的 requestId。',
      firstUse: '打開首個使用此 requestId 的請求',
      firstUseGone: '日誌已沒有首個使用此 requestId 的請求。',
    },
    delivery: {
      title: '送達',
      noResponse: '沒有送達任何回應',
      notDelivered: '未送達',
      altered: '刻意更改',
      repeated: '重複',
      stale: '過時',
      otherContent: '內容不同',
      decidedOnly: (code) => `結果為 ${code}，但沒有送達任何回應`,
      nothingDelivered: (ending, code) =>
        code === 'NO_ANSWER'
          ? `沒有送達任何回應：${ending}`
          : `沒有送達任何回應：${ending}。客戶端並不知道結果為 ${code}`,
      alteredBy: (fault, httpStatus, code) =>
        `送達時帶有故障 ${fault}：HTTP ${httpStatus}，而非正常的 ${code} 回應`,
      ending: (fault, endedBy) =>
        fault !== '' ? `故障 ${fault}` : endedBy === 'client' ? '客戶端已斷線' : '模擬器關閉了連線',
      sentBytes: (bytes, isComplete) => `${isComplete ? '' : '只有 '}${formatCount(bytes)} 位元組`,
      endedBy: { keptAlive: '連線保持', server: '由模擬器關閉', client: '由客戶端關閉' },
      endings: {
        reset: '連線被重設',
        close: '連線被關閉',
        hang: '連線一直沒有回應',
        'partial-status': '連線在狀態行中途被關閉',
      },
      step: '送達',
      fault: '故障',
      expected: '正確的客戶端會怎樣做',
      expectations: {
        done: '以原始位元組驗證簽名，然後視訊息為已完成。',
        unknown: '視結果為未知：以遞增的間隔，再次發送相同 requestId 及相同正文。',
        refused: '驗證簽名，不原樣再次發送：更正請求，或通知負責人。',
        unsigned: '讀取未簽名拒絕的代碼及訊息作日誌之用，更正請求，不視任何事為已完成。',
        lost: '不論收到甚麼，都視結果為未知，並再次發送相同 requestId 及相同正文。',
      },
    },
    pipeline: {
      title: '經過網關的步驟',
      results: {
        passed: '通過',
        refused: '拒絕',
        unreached: '未到達',
        undelivered: '未送達',
        incomplete: '未送完',
        altered: '已更改',
      },
      after: (duration) => `${duration} 後`,
    },
    messages: {
      title: '請求與回應',
      request: '請求',
      reply: '回應',
      body: '正文',
      bodyForm: '正文的顯示方式',
      raw: '位元組',
      opened: '解密後',
      empty: '沒有正文。',
      redacted: '正文曾加密，因此不顯示明文。以 --journal-plaintext on 啟動便可查看。',
      cut: (count) => `另有 ${formatCount(count)} 位元組`,
      httpStatus: (status) => `HTTP ${status}`,
      otherHeaders: (count) => `其他 ${count} 個標頭`,
    },
    changes: {
      title: '狀態變更',
      none: '沒有。被拒絕的請求不會改變狀態。',
      noneThough: '沒有改變。',
      internalRecords: (count) => `另有 ${count} 項內部記錄`,
      kinds: { added: '新增', changed: '更改', removed: '移除' },
      field: '欄位',
      before: '之前',
      after: '之後',
    },
  },
);

/** Sending requests. */
export const sendMessages = inBothLanguages(
  {
    send: {
      lead:
        'Send a signed request without writing code: fill in the form, send it, and see the ' +
        'verified response.',
      example: 'Example',
      encrypt: 'Encrypt the body',
      form: 'Form of the request',
      fields: 'Fields',
      moreFields: (count: number) => `${count} more fields`,
      required: 'required',
      fresh: 'Generated for every send.',
      mustBeObject: 'This must be a JSON object, such as {"requestId": "1"}.',
      brokenJson: (line: number, column: number) =>
        `This is not valid JSON. Correct it at line ${line}, column ${column}.`,
      correctFirst: 'Correct the JSON first: the other form would lose what you typed.',
      notSent: 'Not sent: the JSON is not valid',
      backToExample: 'Reset to the example',
      signAndSend: 'Sign and send',
      sending: 'Sending…',
      response: 'Response',
      request: 'What was sent',
      open: 'Open the exchange',
      sameId: 'Same requestId',
      saveDraft: 'Save as draft',
      removeDraft: 'Remove the draft',
      drafts: (count: number) => `Drafts (${count})`,
      lastSent: (count: number) => `Last ${count} sent`,
      fromExchange: (number: string) => `exchange ${number}`,
      requestAt: (time: string) => `request of ${time}`,
      nextStatuses: 'Statuses that may follow',
      notHeld: 'The order is new. Its status may be',
      heldStatus: (status: string) => `The order is ${status}. It may become`,
      editAndSend: 'Edit and send',
      notYet: 'The response appears here',
      notYetMore:
        'The request is signed with the client’s private key. The simulator has the private ' +
        'keys of its demo client and of clients created here.',
      proof: {
        verified: 'Verified: the response is signed by the platform.',
        unsigned:
          'The response is not signed: the request was refused before its signature was verified.',
        bad: 'The response’s signature does not verify.',
        reset: 'No response: the connection was reset.',
        closed: 'No response: the connection was closed.',
        malformed: 'What arrived is not a valid HTTP response.',
        timeout: 'No response before the timeout.',
      } as Readonly<Record<string, string>>,
    },
  },
  {
    send: {
      lead: '無須寫程式便可發出已簽名的請求：填寫、發送，然後查看已驗證的回應。',
      example: '範例',
      encrypt: '加密正文',
      form: '請求的填寫方式',
      fields: '欄位',
      moreFields: (count) => `其他 ${count} 個欄位`,
      required: '必填',
      fresh: '每次發送均會重新產生。',
      mustBeObject: '必須是 JSON 物件，例如 {"requestId": "1"}。',
      brokenJson: (line, column) => `這不是有效的 JSON。請更正第 ${line} 行第 ${column} 個字元。`,
      correctFirst: '請先更正 JSON：切換後便會失去你輸入的內容。',
      notSent: '未有發送：JSON 無效',
      backToExample: '還原為範例',
      signAndSend: '簽名並發送',
      sending: '發送中…',
      response: '回應',
      request: '已發送的內容',
      open: '打開此請求記錄',
      sameId: '相同的 requestId',
      saveDraft: '存為草稿',
      removeDraft: '移除草稿',
      drafts: (count) => `草稿（${count}）`,
      lastSent: (count) => `最近發送的 ${count} 個`,
      fromExchange: (number) => `請求記錄 ${number}`,
      requestAt: (time) => `${time} 的請求`,
      nextStatuses: '可轉往的狀態',
      notHeld: '這是新訂單，狀態可以是',
      heldStatus: (status) => `訂單現為 ${status}，可轉為`,
      editAndSend: '編輯並發送',
      notYet: '回應將在此顯示',
      notYetMore: '請求以客戶端的私鑰簽名；模擬器持有示範客戶端及在此建立的客戶端的私鑰。',
      proof: {
        verified: '已驗證：回應由平台簽名。',
        unsigned: '回應沒有簽名：請求在簽名通過驗證之前已被拒絕。',
        bad: '回應的簽名未能通過驗證。',
        reset: '沒有回應：連線被重設。',
        closed: '沒有回應：連線被關閉。',
        malformed: '收到的並非有效的 HTTP 回應。',
        timeout: '逾時前未有收到回應。',
      },
    },
  },
);
