import type { MistakeId, NoteId } from './mistakes.ts';

/** The doctor's sentences in Traditional Chinese, for the page and the command line. */
export const mistakesInChinese: Readonly<Record<MistakeId, string>> = {
  SIG_MISSING: 'Signature 標頭沒有簽名：當中沒有「signature=」，或其後是空的。',
  ALGORITHM_UNKNOWN: 'Signature 標頭所寫的演算法並不存在；應為 RSA256 或 ECC224。',
  SIG_SAMPLE: '這是文件中印出的簽名樣本；每個請求都要用你自己的私鑰簽名。',
  HEADER_SEPARATORS: 'Signature 標頭的各對鍵值並非以逗號分隔，因此無法讀取。',
  HEADER_KEY_MISSPELT:
    'Signature 標頭中有一個鍵名拼寫錯誤，其值因此被忽略；鍵名為 algorithm、keyVersion、signature，拼寫必須完全一致。',
  SIG_NOT_URL_ENCODED:
    '簽名本身正確，但你把 base64 文字原樣放進標頭；「+」、「/」、「=」必須寫成 %2B、%2F、%3D。',
  SIG_URL_ENCODED_TWICE:
    '簽名被 URL 編碼了兩次：你的程式編碼一次，其後又再編碼一次，於是「%2B」變成「%252B」。',
  SIG_PLUS_BECAME_BLANK:
    '簽名中的每個「+」到達時都變成空格：發送前沒有 URL 編碼，途中卻被解碼了一次。',
  SIG_BASE64URL:
    '你以 URL 安全的 base64 字母表（「-」與「_」）編碼簽名；應使用標準字母表（「+」與「/」），之後再作 URL 編碼。',
  SIG_HEX: '你把簽名寫成十六進制；應為 base64。',
  SIG_BASE64_TWICE: '簽名是 base64 的 base64：被編碼了兩次。',
  SIG_LINE_WRAPPED: '簽名的 base64 文字含有換行或空格：你的編碼器會自動斷行。',
  SIG_QUOTED: '簽名被放在引號之內（例如 Python 印出的 bytes）；應直接寫出其值。',
  SIG_PEM:
    '簽名被放在 PEM 的首尾行（「-----BEGIN …-----」）之間；應只發送其 base64 文字，並寫成一行。',
  SIG_JWS:
    '你發送了 JWS（以點連接的三個部分）；應以 RSA 及 SHA-256 對內容本身簽名，並只發送簽名的 base64 文字。',
  SIG_TRUNCATED: '簽名並不完整：在寫入標頭的途中遺失了字元。',
  SIG_IS_HASH: '你在簽名的位置發送了雜湊值或 HMAC；簽名須以你的私鑰產生。',
  KEY_VERSION_UNKNOWN: '標頭中的 keyVersion 並未登記。',
  KEY_OTHER_VERSION: '簽名所用的密鑰版本，與標頭所寫的不同。',
  KEY_OTHER_ALGORITHM: '標頭所寫的是一種演算法，簽名卻用了另一種演算法的密鑰。',
  KEY_IS_PLATFORM: '簽名用了平台的密鑰；請求應以你自己的私鑰簽名。',
  KEY_IS_CLIENT: '這個訊息應由平台簽名，卻用了客戶端的密鑰。',
  KEY_OTHER_CLIENT: '簽名所用的密鑰，登記在另一個客戶端名下，而非你的 Client-Id。',
  KEY_UNKNOWN:
    '此處已知的密鑰都沒有作出這個簽名：長度正確，但沒有一個能解開。要麼你的私鑰與登記的公鑰不配對，要麼簽名在途中受損；兩者無法分辨。',
  KEY_SIZE: '簽名的長度屬於另一種長度的密鑰，與登記的不同。',
  HASH_SHA1: '你用了 SHA-1 簽名；必須使用 SHA-256。',
  HASH_SHA512: '你用了 SHA-512 簽名；必須使用 SHA-256。',
  HASH_OTHER: '你用了 SHA-256 以外的雜湊演算法簽名。',
  HASHED_TWICE: '你先自行計算雜湊，再交給會再次計算雜湊的簽名函式。',
  HASHED_TWICE_HEX: '你簽的是雜湊值的文字（十六進制或 base64），而不是內容本身。',
  PADDING_PSS: '你用了 RSA-PSS 填充；RSA256 指的是 PKCS#1 v1.5。',
  NO_DIGESTINFO: '你直接以私鑰加密雜湊值；簽名函式會在前面加上雜湊名稱（DigestInfo）。',
  METHOD_LOWER_CASE: '你簽名時方法用了不同的大小寫；內容應以大寫「POST」開頭。',
  METHOD_OMITTED: '你漏了方法；內容應以「POST」及一個空格開頭。',
  METHOD_DIFFERS: '你簽了另一個方法；內容一律以「POST」開頭。',
  URI_FULL_URL: '你簽了連同協定或主機的網址；只應簽路徑與查詢字串。',
  URI_NO_LEADING_SLASH: '你簽名的路徑缺少開頭的斜線。',
  URI_QUERY_DROPPED: '你發送了查詢字串，簽名時卻沒有包括在內。',
  URI_TRAILING_SLASH: '你簽名的路徑與發送的路徑，結尾差了一個斜線。',
  URI_PREFIX_DROPPED: '你只簽了路徑的後半部分；主機之後的整個路徑都要簽。',
  URI_ESCAPES_CHANGED: '你簽名的路徑或查詢字串，其百分號編碼被解碼或改寫；應按請求行上的原樣簽名。',
  NEWLINE_CRLF: '首行之後你簽了 CR LF；應只有一個 LF。',
  NEWLINE_LITERAL: '你簽的是反斜線加「n」，而不是換行：文字放在單引號內，或被轉義了兩次。',
  NEWLINE_MISSING: '你漏了首行之後的換行。',
  SEPARATOR_WRONG: '各部分的連接方式不同：應依次為一個空格、一個換行及兩個點號。',
  CLIENT_ID_DIFFERS: '你簽名的 Client-Id 與標頭中的不同。',
  CONTENT_PARTS_MISSING: '待簽名內容缺少了一部分：方法、路徑、客戶端編號、時間及正文都要簽名。',
  CONTENT_OF_OTHER_API: '你按另一套 API 的規則簽名，例如排序後的 key=value 或微信支付的五行文字。',
  CONTENT_ENCODED: '你在簽名前把整個內容編碼了（base64、十六進制或 URL 編碼）；應對其純文字簽名。',
  TIME_ZONE_DIFFERS:
    '你簽名的時間與標頭的時間時區不同：同一時鐘被標上了兩個時區，例如本地時間加上 Z。',
  TIME_DIFFERS: '你簽名的時間與標頭的不同：時鐘被讀取了兩次，或沿用了另一個請求的時間。',
  TIME_FORMAT_DIFFERS: '你簽名的時間與標頭相同，但寫法不同。',
  TIME_PLUS_DECODED: '你簽名的時間，時區的「+」變成了空格：簽名前被 URL 解碼了。',
  TIME_AND_BODY_SWAPPED: '你把正文簽在時間之前；次序應為 Client-Id、時間、正文。',
  BODY_NEWLINE_SIGNED: '你簽名的正文前後有空白字元，但沒有發送出去。',
  BODY_NEWLINE_SENT: '你發送的正文前後有空白字元，但沒有簽名。',
  BODY_REFORMATTED: '你簽的是同一份 JSON 的另一種排版：正文在簽名與發送之間被重新寫過。',
  BODY_LINE_BREAKS_STRIPPED: '你簽名時正文有換行，發送時卻被移除；「curl -d @檔案」便會這樣。',
  BODY_KEYS_SORTED: '你簽名時 JSON 的鍵已排序，發送時次序卻不同。',
  BODY_NULLS_DROPPED: '你簽名時 JSON 不含空值成員，發送時卻包含在內。',
  BODY_SLASHES_ESCAPED: '你簽名時 JSON 的每個「/」寫成「\\/」，發送時卻是原樣。',
  BODY_UNICODE_ESCAPED: '你簽名時 ASCII 以外的字元寫成 \\uXXXX，發送時卻是字元本身。',
  BODY_HTML_ESCAPED: '你簽名時 JSON 的 <、>、& 寫成轉義，發送時卻是原樣。',
  BODY_ESCAPES_EXPANDED: '你發送的 JSON 含有轉義，簽名時卻換成了字元本身。',
  BODY_CRLF: '正文的換行方式在簽名與發送之間改變了（LF、CR LF）。',
  BODY_ONLY_SIGNED: '你只簽了正文；前面還應有方法、路徑、Client-Id 與時間。',
  BODY_PART_SIGNED: '你只簽了所發送 JSON 中的一個值；應對整個正文簽名，與發送的完全一樣。',
  BODY_FIELD_ADDED: '你在正文加入其中一個欄位之前已簽名；簽的應是發送的內容，包括所有欄位。',
  BODY_ENCODED:
    '正文只在簽名時或只在發送時被編碼成文字（base64、十六進制或 URL 編碼）；兩者應使用相同的位元組。',
  BODY_PLUS_BECAME_SPACE:
    '在簽名與發送之間，正文中的每個「+」變成了空格，或相反：正文被 URL 解碼了。',
  TIME_OR_BODY_CHANGED:
    '你的密鑰與雜湊正確，但收到的時間或正文與你所簽的不同。時間比毫秒更精細，時鐘若讀取了兩次，可能的讀數太多，無法逐一嘗試；請對所發送的同一變數簽名。',
  BODY_HASH_SIGNED: '你簽的是正文的雜湊值，而不是正文本身。',
  BODY_EMPTY_SIGNED: '你簽了空正文，卻發送了有正文的請求：讀取得太遲，或資料流已被讀完。',
  BODY_STRINGIFIED_TWICE:
    'JSON 文字在其中一邊多經過一次 JSON 編碼：簽名與發送的正文之中，有一個是包着另一個的 JSON 字串。',
  BODY_OBJECT_PRINTED: '你簽的是物件的列印形式，而不是它的 JSON 文字。',
  BODY_CHANGED:
    '你的密鑰與雜湊都正確，但到達的正文並非你簽名的正文，也沒有任何已知錯誤能解釋：資料在簽名與發送之間被更改。',
  BODY_BOM: '正文開頭的位元組順序標記被簽名而沒有發送，或被發送而沒有簽名。',
  BODY_CHARSET: '簽名與發送時使用了不同的字元編碼；兩者都必須是 UTF-8。',
  ENC_HEADER_NAME: '表示正文已加密的標頭名為 Encrypt；你用了別的名稱，會被忽略。',
  ENC_KEY_MISSING: 'Encrypt 標頭沒有 symmetricKey。',
  ENC_HEADER_LIST: 'Encrypt 標頭的列表格式有誤，因此其中一部分被忽略。',
  ENC_SAMPLE_KEY:
    'symmetricKey 是文件中印出的樣本，只是佔位文字；應發送以接收方 RSA 公鑰加密的 AES 密鑰。',
  ENC_ALGORITHM: 'Encrypt 標頭所寫的演算法並非 RSA_AES。',
  ENC_KEY_NOT_URL_ENCODED: '包裹的密鑰正確，但其 base64 文字在標頭中沒有 URL 編碼。',
  ENC_KEY_ENCODING: '包裹的密鑰正確，但寫法並非「單行 base64，再作一次 URL 編碼」。',
  ENC_KEY_NOT_WRAPPED:
    'symmetricKey 是未經包裹的 AES 密鑰；必須先以接收方的 RSA 公鑰加密。請視此 AES 密鑰為已外洩。',
  ENC_WRAPPED_FOR_WRONG_KEY: 'AES 密鑰並非以接收方的公鑰包裹。',
  ENC_KEY_VERSION: 'AES 密鑰以接收方另一個版本的密鑰包裹，與 Encrypt 標頭所寫的不同。',
  ENC_WRAP_OAEP: 'AES 密鑰以 OAEP 填充包裹；應使用 PKCS#1 v1.5。',
  ENC_WRAP_PKCS1: 'AES 密鑰以 PKCS#1 v1.5 填充包裹；接收方設定為另一種填充。',
  ENC_KEY_AS_TEXT: '你包裹的是 AES 密鑰的文字形式（base64 或十六進制）；應包裹其原始位元組。',
  ENC_KEY_LENGTH: '包裹的密鑰長度不是 16、24 或 32 位元組，因此並非 AES 密鑰。',
  ENC_KEY_HASHED: '正文以被包裹密鑰的雜湊值加密；應直接以被包裹的位元組加密。',
  ENC_MODE_ECB: '正文以 ECB 模式加密；接收方設定為另一種模式。',
  ENC_MODE_CBC: '正文以 CBC 模式加密，排列方式與接收方預期不同；預設為不帶 IV 的 ECB。',
  ENC_MODE_GCM: '正文以 GCM 模式加密；應為不帶 IV 及標籤的 ECB。',
  ENC_MODE_OTHER: '正文以 AES 的另一模式加密，例如 CTR、CFB 或 OFB；應為不帶 IV 的 ECB。',
  ENC_PADDING: '正文在加密前以零填充；應使用 PKCS#7 填充（Java 稱為 PKCS5Padding）。',
  ENC_BODY_NOT_ENCRYPTED: '發送了 Encrypt 標頭，但正文是未加密的 JSON。',
  ENC_BODY_IN_JSON: '加密後的正文被包在 JSON 之內；正文應只是密文的 base64 文字。',
  ENC_BODY_ENCODING: '加密正文正確，但並非標準的 base64 寫法。',
  ENC_BODY_TRUNCATED: '加密正文為空或不完整：結尾在加密與發送之間遺失，或最後一個區塊沒有寫出。',
  ENC_PLAINTEXT_SIGNED: '你簽的是明文；應先加密，再對你發送的 base64 文字簽名。',
};

/** What is accepted and unusual, in Traditional Chinese. */
export const notesInChinese: Readonly<Record<NoteId, string>> = {
  NOTE_LOWER_CASE_ESCAPES: '其值使用小寫的百分號編碼（%2b）；讀法與 %2B 相同。',
  NOTE_BLANK_AFTER_COMMA: '標頭的逗號之後有空格；空格會被忽略。',
  NOTE_HEADER_LIST: '標頭的列表中有不是 key=value 的內容，或同一個鍵出現兩次。',
  NOTE_ALGORITHM_CASE: '演算法沒有以大寫寫成；大小寫會被忽略。',
  NOTE_ALGORITHM_RSA: 'Encrypt 標頭寫著 algorithm=RSA；會讀作 RSA_AES。',
  NOTE_KEY_VERSION_ABSENT: '標頭沒有寫 keyVersion；即指最新的密鑰。',
  NOTE_KEY_VERSION_ZERO: '標頭寫著 keyVersion=0；即指最新的有效密鑰。版本由 1 開始。',
  NOTE_TIME_OFFSET_WITHOUT_COLON: '時間的時差沒有冒號（+0800）；文件所載的形式是 +08:00。',
  NOTE_TIME_EPOCH: '時間是自 1970 年起的毫秒數；文件所載的形式是帶時差的 ISO-8601。',
  NOTE_TIME_UNREADABLE: '時間不是任何已知的形式。它以文字簽名，所以簽名不受影響。',
  NOTE_METHOD: '訊息並非以 POST 發送；待簽名內容一律以 POST 開頭。',
  NOTE_ECC_READING:
    'ECC224 簽名在另一種讀法下是正確的，與接收方的設定不同。沒有公開資料指明雜湊和形式，所以請把設定與你真正的對方所接受的比較。',
  NOTE_KEY_CLOSE: '較小的密鑰也會得到這個長度；請同時檢查你的密鑰大小。',
  NOTE_NOT_SEARCHABLE:
    '內容中的隨機文字無法靠嘗試找到：物件的印出形式，例如 Java 的 byte[] 會印成 [B@1b6d3586，或沒有發送的隨機值。請印出你的程式所簽的內容，然後比較。',
  NOTE_BODY_WRAPPED: '正文的 base64 文字有換行；換行可以接受，而簽名也包括它們。',
};

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
