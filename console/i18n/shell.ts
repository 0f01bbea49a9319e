import { formatCount, formatSeconds, inBothLanguages, type TextByName } from './both-languages.ts';

/** The shell, and texts that several views share. */
export const shellMessages = inBothLanguages(
  {
    views: {
      exchanges: 'Exchanges',
      state: 'State',
      scenarios: 'Scenarios',
      send: 'Send',
      integration: 'Integration',
      keys: 'Keys & clock',
    },
    shell: {
      skip: 'Skip to content',
      views: 'Views',
      language: 'Language',
      theme: 'Colour scheme',
      keys: 'Keyboard shortcuts',
    },
    steering: {
      title: 'Scripted now',
      matchCount: (count: number) => `matched ${formatCount(count)}×`,
      clock: 'clock',
      clockHeldAt: (time: string) => `clock held at ${time}`,
      remove: (name: string) => `Remove ${name}`,
    },
    themes: { system: 'Same as system', light: 'Light', dark: 'Dark' },
    connection: { connecting: 'Connecting', live: 'Live', lost: 'Disconnected', denied: 'Locked' },
    connectionMeaning: {
      connecting: 'Connecting to the simulator.',
      live: 'Exchanges appear as they happen.',
      lost:
        'The simulator does not answer. What you see may be old; the page reconnects ' +
        'automatically.',
      denied: 'Enter the admin token to continue.',
      restarted: 'The simulator was restarted. The exchanges of the previous run are gone.',
    },
    shortcuts: [
      ['1 2 3 4 5 6', 'go to a view'],
      ['/', 'search the exchanges'],
      ['p', 'pause or resume the list'],
      ['↑ ↓ j k', 'move in the list'],
      ['Enter', 'open the exchange'],
      ['→ ←', 'to the filters of a row and back'],
      ['m', 'mark the exchange to compare it'],
      ['Esc', 'close it, back to the list'],
      ['?', 'show these keys'],
    ] as readonly (readonly [string, string])[],
    token: {
      title: 'This console is protected',
      more:
        'Enter the admin token. It was set when the simulator was started (--admin-token), or ' +
        'printed in its log. This tab remembers it until you close it.',
      label: 'Admin token',
      enter: 'Enter',
      wrong:
        'This is not the token of this simulator. Check it for missing characters and try again.',
    },
    common: {
      copy: 'Copy',
      copied: 'Copied',
      copyFailed: 'Could not copy',
      close: 'Close',
      loading: 'Loading…',
      tryAgain: 'Try again',
      unreachable: 'The simulator does not answer. Is it still running?',
      refused: 'Request rejected',
      pageFailed: 'This page failed',
      cancel: 'Cancel',
      discard: 'Discard changes',
      unsaved: 'unsaved',
      bytes: (count: number) => `${formatCount(count)} ${count === 1 ? 'byte' : 'bytes'}`,
      sameBytes: (count: number) => `${formatCount(count)} more, the same`,
      missingHere: 'missing here',
      fold: 'Fold',
      unfold: (count: number) => `Unfold ${formatCount(count)} values`,
    },
    statusName: { S: 'success', F: 'failed', U: 'unknown' },
    statusMeaning: {
      S: 'S: success',
      F: 'F: failed; the same request will fail again',
      U: 'U: the outcome is unknown; send the identical request again',
    },
    columns: {
      time: 'Time',
      code: 'Result',
      tags: 'Tags',
      operation: 'Operation',
      identity: 'Record',
      client: 'Client',
      reason: 'Reason',
      duration: 'Duration',
    },
  },
  {
    views: {
      exchanges: '請求記錄',
      state: '狀態',
      scenarios: '情境',
      send: '發送',
      integration: '整合',
      keys: '密鑰與時鐘',
    },
    shell: {
      skip: '跳至內容',
      views: '頁面',
      language: '語言',
      theme: '色彩主題',
      keys: '鍵盤快捷鍵',
    },
    steering: {
      title: '現正生效的情境',
      matchCount: (count) => `已套用 ${formatCount(count)} 次`,
      clock: '時鐘',
      clockHeldAt: (time) => `時鐘停在 ${time}`,
      remove: (name) => `移除 ${name}`,
    },
    themes: { system: '跟隨系統', light: '淺色', dark: '深色' },
    connection: { connecting: '連接中', live: '即時', lost: '已斷線', denied: '已鎖定' },
    connectionMeaning: {
      connecting: '正在連接模擬器。',
      live: '請求一經回覆便會顯示。',
      lost: '模擬器沒有回應，所見內容可能已過時；頁面會自動重新連線。',
      denied: '請輸入管理權杖。',
      restarted: '模擬器已重新啟動，上次執行期間的請求記錄已不存在。',
    },
    shortcuts: [
      ['1 2 3 4 5 6', '切換頁面'],
      ['/', '搜尋請求記錄'],
      ['p', '暫停或繼續列表'],
      ['↑ ↓ j k', '在列表中移動'],
      ['Enter', '打開請求記錄'],
      ['→ ←', '移至該行的篩選，或返回'],
      ['m', '標記請求記錄以作比較'],
      ['Esc', '關閉並返回列表'],
      ['?', '顯示快捷鍵'],
    ],
    token: {
      title: '此控制台受到保護',
      more: '請輸入管理權杖。權杖在啟動模擬器時設定（--admin-token），或印在其日誌中。此分頁會記住權杖，直至關閉為止。',
      label: '管理權杖',
      enter: '進入',
      wrong: '這不是此模擬器的權杖。請檢查有否遺漏字元，然後再試。',
    },
    common: {
      copy: '複製',
      copied: '已複製',
      copyFailed: '無法複製',
      close: '關閉',
      loading: '載入中…',
      tryAgain: '再試一次',
      unreachable: '模擬器沒有回應，是否仍在執行？',
      refused: '請求被拒絕',
      pageFailed: '此頁面發生錯誤',
      cancel: '取消',
      discard: '捨棄更改',
      unsaved: '未儲存',
      bytes: (count) => `${formatCount(count)} 位元組`,
      sameBytes: (count) => `另有 ${formatCount(count)} 個相同`,
      missingHere: '此處缺少',
      fold: '摺疊',
      unfold: (count) => `展開 ${formatCount(count)} 個值`,
    },
    statusName: { S: '成功', F: '失敗', U: '未知' },
    statusMeaning: {
      S: 'S：成功',
      F: 'F：確定失敗；原樣重發仍會失敗',
      U: 'U：結果未知；請原樣重發同一請求',
    },
    columns: {
      time: '時間',
      code: '結果',
      tags: '標籤',
      operation: '操作',
      identity: '對象',
      client: '客戶端',
      reason: '原因',
      duration: '耗時',
    },
  },
);

/** What the names in the protocol and in the journal mean. */
export const gatewayMessages = inBothLanguages(
  {
    steps: {
      receive: {
        name: 'Receive',
        meaning: 'Path, method, media type and size; the exact bytes are kept.',
      },
      'early-fault': {
        name: 'Scripted fault',
        meaning: 'A scripted fault, applied before anything is checked.',
      },
      'read-headers': {
        name: 'Read headers',
        meaning: 'Client-Id, Request-Time, Signature, Encrypt: each present once and well-formed.',
      },
      'identify-client': { name: 'Identify client', meaning: 'Client-Id to client and its keys.' },
      'verify-signature': {
        name: 'Verify signature',
        meaning: 'Over the raw bytes; from here on responses are signed.',
      },
      'check-access': { name: 'Check access', meaning: 'Allowed operations, Agent-Token, rate.' },
      'decrypt-body': {
        name: 'Decrypt body',
        meaning: 'Symmetric key to plain bytes; from here on responses are encrypted.',
      },
      'parse-body': { name: 'Parse body', meaning: 'Strict UTF-8, strict JSON.' },
      'validate-request': { name: 'Check fields', meaning: 'Every field against the contract.' },
      decide: {
        name: 'Decide',
        meaning: 'Scenario, idempotency, order of events, then the operation’s own rule.',
      },
      reply: { name: 'Reply', meaning: 'Result body, Response-Time, encrypt, sign.' },
      deliver: { name: 'Deliver', meaning: 'Sends the bytes; records how many have left.' },
      send: { name: 'Send', meaning: 'Calls the configured address, and waits for the answer.' },
      'judge-answer': {
        name: 'Judge the answer',
        meaning: 'SUCCESS, signed with the client’s key, in the form of the contract, in time.',
      },
    } as Readonly<Record<string, { readonly name: string; readonly meaning: string }>>,
    advice: {
      'receive/INVALID_API':
        'Compare your path with the contract’s: prefix, letter case and trailing slash ' +
        'count. The path is also part of what is signed.',
      'receive/METHOD_NOT_SUPPORTED': 'Every operation is called with POST.',
      'receive/MEDIA_TYPE_NOT_ACCEPTABLE':
        'Send Content-Type: application/json; charset=UTF-8, or text/plain; charset=UTF-8 ' +
        'for an encrypted body.',
      'read-headers':
        'Set the header exactly once, in the documented form. Nothing was verified yet, so ' +
        'the response carries no signature.',
      'identify-client/INVALID_CLIENT':
        'Use the demo client 4Q5Y8W0WSG45P907917, create a client under “Keys & clock”, or ' +
        'put your public key into the key folder.',
      'identify-client': 'Register a key for this client, or name a key version that exists.',
      'verify-signature/KEY_NOT_FOUND':
        'The key version in the Signature header is not registered or has ended. “Keys & ' +
        'clock” shows the existing versions.',
      'verify-signature':
        'Sign exactly the bytes that you send: POST, path, line feed, Client-Id, dot, ' +
        'Request-Time, dot, body.',
      'check-access/REQUEST_TRAFFIC_EXCEED_LIMIT':
        'Wait, then send the request again; the limit is a setting of this client.',
      'check-access': 'The client’s settings do not allow this call.',
      'decrypt-body':
        'Encrypt as the contract says: wrap the AES key with the platform’s RSA key, and ' +
        'sign the base64 text of the body.',
      'parse-body':
        'Send one JSON object in UTF-8, without a byte order mark and without names that ' +
        'occur twice.',
      'validate-request':
        'Correct the named fields. The form under “Send” shows every field with its type and ' +
        'limits.',
      'decide/REPEAT_REQ_INCONSISTENT':
        'A requestId identifies one message. Send the identical bytes again, or use a new ' +
        'requestId.',
      'decide/ORDER_STATUS_INVALID':
        'Look at the order under “State”: its diagram shows the current status and what may ' +
        'follow.',
    } as TextByName,
    retry: {
      no: 'No need to send it again.',
      'after-correction': 'Correct the request first; the same request will fail again.',
      'same-request-id': 'Send the identical request again, with the same requestId.',
    } as TextByName,
    markName: (kind: string, value: string): string =>
      ({
        duplicate: 'repeated',
        mismatch: 'other content',
        'client-left': 'client left',
        'broken-off': 'broken off',
        fault: `fault ${value}`,
        security: `fault ${value}`,
        delay: `delayed ${value} ms`,
      })[kind] ?? kind,
    markMeanings: {
      duplicate:
        'This requestId was answered before, with the same content: the first response is ' +
        'sent again.',
      mismatch: 'This requestId was used before, with other content.',
      stale: 'Its event time is not newer than that of the message already held.',
      scripted: 'Decided by a scenario, a one-shot or a header.',
      fault: 'A scripted fault changed the delivery.',
      security: 'The response was made to fail verification on purpose.',
      delay: 'The response was delayed on purpose, in milliseconds.',
      'client-left': 'The client closed the connection before its response was complete.',
      'broken-off': 'The connection closed before the request was complete.',
    } as TextByName,
    headers: {
      'client-id': 'The caller. Part of the signed content.',
      'request-time':
        'When the request was signed. Part of the signed content, exactly as written here.',
      'response-time': 'When the response was signed. Part of the signed content.',
      signature: 'Algorithm, key version and the signature itself: base64, then URL-encoded.',
      encrypt: 'How the body is encrypted, with the AES key wrapped for the receiver.',
      'content-type': 'JSON in UTF-8, or text for an encrypted body.',
      'tracer-id': 'The id of this exchange; the real gateway sends one too.',
      'agent-token': 'Identifies on whose behalf an agent calls. Redacted.',
      'x-mock': 'Added by the simulator; the real gateway does not send it.',
    } as TextByName,
    headerParts: {
      algorithm: 'Algorithm',
      keyVersion: 'Key version',
      signatureBytes: 'Signature bytes',
      keyBytes: 'Wrapped key bytes',
    },
    signedAgo: (milliseconds: number) =>
      milliseconds < 0
        ? `Signed ${formatSeconds(-milliseconds)} s after arrival, by the client’s clock`
        : `Signed ${formatSeconds(milliseconds)} s before arrival`,
  },
  {
    steps: {
      receive: { name: '接收', meaning: '檢查路徑、方法、媒體類型及大小；原樣保留位元組。' },
      'early-fault': { name: '情境故障', meaning: '在任何檢查之前套用的情境故障。' },
      'read-headers': {
        name: '讀取標頭',
        meaning: 'Client-Id、Request-Time、Signature、Encrypt：各出現一次且格式正確。',
      },
      'identify-client': { name: '識別客戶端', meaning: '由 Client-Id 找出客戶端及其密鑰。' },
      'verify-signature': { name: '驗證簽名', meaning: '以原始位元組驗證；自此回應均會簽名。' },
      'check-access': { name: '檢查權限', meaning: '可用操作、Agent-Token、流量。' },
      'decrypt-body': { name: '解密正文', meaning: '由對稱密鑰還原明文；自此回應均會加密。' },
      'parse-body': { name: '解析正文', meaning: '嚴格的 UTF-8 與嚴格的 JSON。' },
      'validate-request': { name: '檢查欄位', meaning: '按合約逐一檢查欄位。' },
      decide: { name: '作出決定', meaning: '先看情境、重複請求及事件次序，再按操作本身的規則。' },
      reply: { name: '編寫回應', meaning: '結果正文、Response-Time、加密、簽名。' },
      deliver: { name: '送出', meaning: '把位元組送出，並記錄已送出多少。' },
      send: { name: '發送', meaning: '呼叫所設定的地址，並等候回應。' },
      'judge-answer': {
        name: '判斷回應',
        meaning: 'SUCCESS、以客戶端密鑰簽名、符合合約格式，並且及時。',
      },
    },
    advice: {
      'receive/INVALID_API':
        '請與合約的路徑比較：前綴、大小寫及結尾斜線都算在內。路徑亦是待簽名內容的一部分。',
      'receive/METHOD_NOT_SUPPORTED': '所有操作均以 POST 呼叫。',
      'receive/MEDIA_TYPE_NOT_ACCEPTABLE':
        '請發送 Content-Type: application/json; charset=UTF-8；正文經加密時則為 text/plain; charset=UTF-8。',
      'read-headers':
        '請按文件所載格式設定該標頭，並只設定一次。此時尚未驗證任何內容，所以回應沒有簽名。',
      'identify-client/INVALID_CLIENT':
        '可使用示範客戶端 4Q5Y8W0WSG45P907917，或在「密鑰與時鐘」建立客戶端，或把你的公鑰放進密鑰資料夾。',
      'identify-client': '請為此客戶端登記密鑰，或使用已存在的密鑰版本。',
      'verify-signature/KEY_NOT_FOUND':
        'Signature 標頭中的密鑰版本未有登記或已經失效。「密鑰與時鐘」列出現有版本。',
      'verify-signature':
        '請對你實際發送的位元組簽名：POST、路徑、換行、Client-Id、點號、Request-Time、點號、正文。',
      'check-access/REQUEST_TRAFFIC_EXCEED_LIMIT': '請稍候再發送；此上限是該客戶端的一項設定。',
      'check-access': '該客戶端的設定不容許這次呼叫。',
      'decrypt-body': '請按合約加密：以平台的 RSA 公鑰包裹 AES 密鑰，並對正文的 base64 文字簽名。',
      'parse-body': '請發送一個 UTF-8 編碼的 JSON 物件，不要有位元組順序標記，也不要有重複的名稱。',
      'validate-request': '請更正所列欄位。「發送」頁的表單列出每個欄位的類型與限制。',
      'decide/REPEAT_REQ_INCONSISTENT':
        '一個 requestId 只代表一個訊息。請原樣重發，或改用新的 requestId。',
      'decide/ORDER_STATUS_INVALID':
        '請在「狀態」查看該訂單：圖中標示目前狀態，以及其後可轉往哪些狀態。',
    },
    retry: {
      no: '無須再次發送。',
      'after-correction': '原樣重發仍會失敗，請先更正。',
      'same-request-id': '請以相同的 requestId 原樣重發。',
    },
    markName: (kind, value) =>
      ({
        duplicate: '重複',
        mismatch: '內容不同',
        stale: '過時',
        scripted: '情境',
        fault: `故障 ${value}`,
        security: `故障 ${value}`,
        'client-left': '客戶端已離開',
        'broken-off': '請求中斷',
        delay: `延遲 ${value} 毫秒`,
      })[kind] ?? kind,
    markMeanings: {
      duplicate: '此 requestId 曾以相同內容獲得回覆：再次給出首次的回應。',
      mismatch: '此 requestId 曾用於其他內容。',
      stale: '其事件時間並不比現有記錄新。',
      scripted: '由情境、一次性規則或標頭決定。',
      fault: '情境故障改變了送達的內容。',
      security: '回應被刻意改成不能通過驗證。',
      delay: '回應被刻意延遲（毫秒）。',
      'client-left': '回應未送完，客戶端已關閉連線。',
      'broken-off': '請求未完整到達，連線已關閉。',
    },
    headers: {
      'client-id': '呼叫方。屬待簽名內容。',
      'request-time': '簽名的時間。按此處的寫法原樣成為待簽名內容。',
      'response-time': '回應簽名的時間。屬待簽名內容。',
      signature: '演算法、密鑰版本及簽名本身：先 base64，再作 URL 編碼。',
      encrypt: '正文的加密方式，附上為接收方包裹的 AES 密鑰。',
      'content-type': 'UTF-8 的 JSON；正文經加密時為純文字。',
      'tracer-id': '這個請求記錄的編號；真實網關亦會發送。',
      'agent-token': '代理代表誰呼叫。已遮蔽。',
      'x-mock': '模擬器自用；真實網關沒有這個標頭。',
    },
    headerParts: {
      algorithm: '演算法',
      keyVersion: '密鑰版本',
      signatureBytes: '簽名位元組數',
      keyBytes: '包裹密鑰位元組數',
    },
    signedAgo: (milliseconds) =>
      milliseconds < 0
        ? `按客戶端的時鐘，簽名時間在到達之後 ${formatSeconds(-milliseconds)} 秒`
        : `到達前 ${formatSeconds(milliseconds)} 秒簽名`,
  },
);
