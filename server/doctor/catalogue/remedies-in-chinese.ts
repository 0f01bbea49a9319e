/** The comments in remedies in Traditional Chinese, by their English text; the code stays. */
export const remedyCommentsInChinese: Readonly<Record<string, string>> = {
  'once; hand $value to the HTTP client as it is': '只一次；把 $value 原樣交給 HTTP 客戶端',
  'not getUrlEncoder, not getMimeEncoder; then URLEncoder.encode(text, StandardCharsets.UTF_8)':
    '不用 getUrlEncoder 或 getMimeEncoder；然後 URLEncoder.encode(text, StandardCharsets.UTF_8)',
  'raw bytes from openssl_sign: no bin2hex, no chunk_split, once; then rawurlencode($text)':
    'openssl_sign 的原始位元組：不用 bin2hex 或 chunk_split，只一次；然後 rawurlencode($text)',
  "not urlsafe_b64encode, not encodebytes, not .hex(); then quote(text, safe='')":
    "不用 urlsafe_b64encode、encodebytes 或 .hex()；然後 quote(text, safe='')",
  'not URLEncoding, not hex; then url.QueryEscape(text)':
    '不用 URLEncoding 或 hex；然後 url.QueryEscape(text)',
  'no InsertLineBreaks, no ToHexString; then Uri.EscapeDataString(text)':
    '不用 InsertLineBreaks 或 ToHexString；然後 Uri.EscapeDataString(text)',
  "not 'base64url', not 'hex', and not twice; then encodeURIComponent(text)":
    "不用 'base64url' 或 'hex'，亦不重複；然後 encodeURIComponent(text)",
  'never split("="): base64 ends in "="; signature.length is 256':
    '不要 split("=")：base64 以 "=" 結尾；signature.length 是 256',
  "never explode('='); strlen($signature) is 256, and no column or buffer may cut the text":
    "不要 explode('=')；strlen($signature) 是 256，欄位或緩衝區不可截斷文字",
  "never split('='); len(signature) is 256, and no column or buffer may cut the text":
    "不要 split('=')；len(signature) 是 256，欄位或緩衝區不可截斷文字",
  'never strings.Split(header, "="); len(signature) is 256':
    '不要 strings.Split(header, "=")；len(signature) 是 256',
  "never Split('='); signature.Length is 256": "不要 Split('=')；signature.Length 是 256",
  "never split('=')[1]; signature.length is 256": "不要 split('=')[1]；signature.length 是 256",
  'the version under which this very key is registered': '登記這個密鑰時所用的版本',
  'SHA-256 of spki must be the registered fingerprint': 'spki 的 SHA-256 必須是所登記的指紋',
  'must be the registered fingerprint': '必須是所登記的指紋',
  'then register the public half': '然後登記公鑰',
  'the only two values': '只有這兩個值',
  'openssl_sign hashes: do not hash before': 'openssl_sign 會計算雜湊：事前不要再計算',
  'from node:crypto; an RSA key gives PKCS#1 v1.5 by default':
    '來自 node:crypto；RSA 密鑰預設為 PKCS#1 v1.5',
  'double quotes: in single quotes \\n stays two characters':
    '用雙引號：在單引號中 \\n 會是兩個字元',
  'path and query as they go onto the request line': '與請求行上相同的路徑及查詢字串',
  'sign this very variable': '簽這個變數本身',
  'once; sign this very variable': '只一次；簽這個變數本身',
  'one byte[], signed and sent': '簽名與發送用同一個 byte[]',
  'one string, signed and sent': '簽名與發送用同一個字串',
  'sign body, then requests.post(url, data=body), not json=order':
    '簽 body，然後 requests.post(url, data=body)，不用 json=order',
  'sign body, then http.NewRequest("POST", url, bytes.NewReader(body))':
    '簽 body，然後 http.NewRequest("POST", url, bytes.NewReader(body))',
  'one byte[], signed and sent; not JsonContent.Create(order)':
    '簽名與發送用同一個 byte[]；不用 JsonContent.Create(order)',
  "sign body, then fetch(url, { method: 'POST', headers, body }): never stringify again":
    "簽 body，然後 fetch(url, { method: 'POST', headers, body })：不要再 stringify",
  'sign these bytes and send these bytes': '簽這些位元組，亦發送這些位元組',
  'sign this string and send this string': '簽這個字串，亦發送這個字串',
  'sign these bytes and send these bytes; with curl use --data-binary @file':
    '簽這些位元組，亦發送這些位元組；curl 用 --data-binary @file',
  'sign these bytes; json.Encoder adds a line feed, json.Marshal does not':
    '簽這些位元組；json.Encoder 會加上換行，json.Marshal 不會',
  'never json.getBytes() without a charset; sign and send these bytes':
    'json.getBytes() 必須指定字元集；簽並發送這些位元組',
  'when $json is not UTF-8 yet; sign and send this string':
    '當 $json 尚未是 UTF-8；簽並發送這個字串',
  "not 'utf-8-sig', not 'gbk', no errors='replace'; sign and send these bytes":
    "不用 'utf-8-sig'、'gbk' 或 errors='replace'；簽並發送這些位元組",
  'Go strings are UTF-8: convert foreign text once when it comes in, with golang.org/x/text/encoding':
    'Go 的字串是 UTF-8：其他編碼的文字在進入時以 golang.org/x/text/encoding 轉換一次',
  'false: no byte order mark; not Encoding.Default, not Encoding.ASCII':
    'false：沒有位元組順序記號；不用 Encoding.Default 或 Encoding.ASCII',
  "not 'latin1', not 'ascii'; sign and send this buffer":
    "不用 'latin1' 或 'ascii'；簽並發送這個 buffer",
  'sign and send these bytes': '簽並發送這些位元組',
  'one call; sign and send this string': '只呼叫一次；簽並發送這個字串',
  'one call; sign and send these bytes': '只呼叫一次；簽並發送這些位元組',
  'one call, no replace() after it; sign and send this buffer':
    '只呼叫一次，其後不用 replace()；簽並發送這個 buffer',
  'body is JSON already: do not pass it through writeValueAsString again':
    'body 已是 JSON：不要再經 writeValueAsString',
  '$body is JSON already: no second json_encode': '$body 已是 JSON：不要再 json_encode',
  'body is JSON already: json=body would encode it again': 'body 已是 JSON：json=body 會再編碼一次',
  'body is JSON already: no second json.Marshal': 'body 已是 JSON：不要再 json.Marshal',
  'body is JSON already: JsonContent.Create(body) would encode it again':
    'body 已是 JSON：JsonContent.Create(body) 會再編碼一次',
  'body is JSON already: no second JSON.stringify, no json: option':
    'body 已是 JSON：不要再 JSON.stringify，亦不用 json: 選項',
  'sign the base64 text that is sent': '簽所發送的 base64 文字',
  'then sign $content': '然後簽 $content',
  'then sign content': '然後簽 content',
  'then sign the content with this body': '然後簽含有這個正文的內容',
  '$aesKey: the 32 raw bytes': '$aesKey：32 個原始位元組',
  'aes_key: the 32 raw bytes': 'aes_key：32 個原始位元組',
  'aesKey: the 32 raw bytes': 'aesKey：32 個原始位元組',
  'the id is stored before the first attempt': '首次嘗試之前已儲存 id',
  'only later() sends again': '只有 later() 會再次發送',
  'written once, requestTime included; every attempt sends these bytes':
    '只寫一次，連同 requestTime；每次嘗試都發送這些位元組',
  'the application repeats, and counts': '由應用程式重複並計算次數',
  'without Middleware::retry: the application repeats, and counts':
    '不用 Middleware::retry：由應用程式重複並計算次數',
  'of requests; the application repeats, and counts': 'requests 的；由應用程式重複並計算次數',
  'net/http then cannot repeat it; the application repeats, and counts':
    'net/http 便不能重複；由應用程式重複並計算次數',
  'without a Polly retry policy; the application repeats, and counts':
    '不用 Polly 的重試策略；由應用程式重複並計算次數',
  'of undici, without RetryAgent; the application repeats':
    'undici 的，不用 RetryAgent；由應用程式重複',
  'then a person': '其後交給負責人',
  'seconds; then a person': '秒；其後交給負責人',
  'the outbox is a table': 'outbox 是一個資料表',
  'from cron; the outbox is a table': '由 cron 執行；outbox 是一個資料表',
  'from a worker; the outbox is a table': '由 worker 執行；outbox 是一個資料表',
  'in a BackgroundService; the outbox is a table': '在 BackgroundService 中；outbox 是一個資料表',
  'alipayhk-mock doctor says why': 'alipayhk-mock doctor 會說明原因',
  'and NTP on the machine': '並在機器上使用 NTP',
  'Z is a time zone; and NTP on the machine': 'Z 是時區；並在機器上使用 NTP',
  'for the whole answer: timeout() of a request ends with the head':
    '涵蓋整個回應：請求的 timeout() 只到標頭為止',
  'for the whole answer': '涵蓋整個回應',
  'timeout= of requests is for each read alone': 'requests 的 timeout= 只適用於每次讀取',
  'milliseconds, stored with the order': '毫秒，與訂單一併儲存',
  'stored with the order': '與訂單一併儲存',
  'one message of an order at a time': '每張訂單每次只發送一個訊息',
  'for every message, of every kind that is encrypted': '用於需要加密的每種訊息的每一個',
  'one place for the whole system, read at every signature': '整個系統只有一處，每次簽名時讀取',
  'in the test; the request stays as it is in production': '在測試中；請求與正式環境相同',
  'one for all requests': '所有請求共用一個',
  'one for all requests of the process': '同一行程的所有請求共用一個',
  'one for all requests; read each body to its end': '所有請求共用一個；每個正文都讀到結尾',
  'UTF-8 without a byte order mark': 'UTF-8，沒有位元組順序記號',
  'and json.Marshal, which writes UTF-8': '以及寫出 UTF-8 的 json.Marshal',
  'null, not "", where there is no value': '沒有值時用 null，不用 ""',
  'the bytes as they arrived; answer first, work from a queue':
    '收到時的位元組；先回應，再由佇列處理',
  // Of certify's cases.
  'these bytes are signed, and these are sent': '簽名和發送的都是這些位元組',
  'before the JSON is parsed': '在解析 JSON 之前',
  'before json_decode': '在 json_decode 之前',
  'before json.loads': '在 json.loads 之前',
  'before json.Unmarshal': '在 json.Unmarshal 之前',
  'before JsonSerializer': '在 JsonSerializer 之前',
  'before JSON.parse': '在 JSON.parse 之前',
  'once, when the message is made': '只一次，在建立訊息時',
  'for every attempt': '每次嘗試都做',
  'the same bytes, signed again': '相同的位元組，重新簽名',
  'in this order; a restart sends what is open': '依此次序；重新啟動後發送未完結的訊息',
  'also for 5xx and unreadable JSON': '5xx 及不能讀取的 JSON 亦然',
  'and client.sendAsync(…).get(8, SECONDS) for the body':
    '正文則用 client.sendAsync(…).get(8, SECONDS)',
  'the whole transfer; CURLOPT_CONNECTTIMEOUT is not enough':
    '整個傳輸；只用 CURLOPT_CONNECTTIMEOUT 並不足夠',
  'socket time-outs start again with every byte': 'socket 的逾時每收到一個位元組便重新計算',
  'includes reading the body': '包括讀取正文',
  'no other key instead': '不以其他密鑰代替',
  'for every message': '每個訊息都做',
  'for every message; an answer that cannot be decrypted is UNKNOWN':
    '每個訊息都做；不能解密的回應為 UNKNOWN',
  'for each order, one update at a time': '同一訂單每次只更新一個',
  'S, and yet not applied': 'S，但未有生效',
};

const commentForm = /((?:^|\s)(?:\/\/|#) )(.*)$/gm;

/** A remedy with its comments in Chinese; one that is not known stays. */
export const translateRemedy = (code: string): string =>
  code.replace(
    commentForm,
    (_, mark: string, comment: string) => mark + (remedyCommentsInChinese[comment] ?? comment),
  );
