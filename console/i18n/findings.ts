/** The doctor's sentences in Chinese by id. A test checks that none is missing. */
export const findingsInChinese: Readonly<Record<string, string>> = {
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
  SIG_QUOTED: '簽名被放在引號之內；應直接寫出其值。',
  SIG_TRUNCATED: '簽名並不完整：在寫入標頭的途中遺失了字元。',
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
  CONTENT_PARTS_MISSING: '待簽名內容缺少了一部分：方法、路徑、客戶端編號、時間及主體都要簽名。',
  CONTENT_OF_OTHER_API: '你按另一套 API 的規則簽名，例如排序後的 key=value 或微信支付的五行文字。',
  CONTENT_ENCODED: '你在簽名前把整個內容編碼了（base64、十六進制或 URL 編碼）；應對其純文字簽名。',
  TIME_ZONE_DIFFERS:
    '你簽名的時間與標頭的時間時區不同：同一時鐘被標上了兩個時區，例如本地時間加上 Z。',
  TIME_DIFFERS: '你簽名的時間與標頭的不同：時鐘被讀取了兩次，或沿用了另一個請求的時間。',
  TIME_FORMAT_DIFFERS: '你簽名的時間與標頭相同，但寫法不同。',
  TIME_PLUS_DECODED: '你簽名的時間，時區的「+」變成了空格：簽名前被 URL 解碼了。',
  TIME_AND_BODY_SWAPPED: '你把主體簽在時間之前；次序應為 Client-Id、時間、主體。',
  BODY_NEWLINE_SIGNED: '你簽名的主體前後有空白字元，但沒有發送出去。',
  BODY_NEWLINE_SENT: '你發送的主體前後有空白字元，但沒有簽名。',
  BODY_REFORMATTED: '你簽的是同一份 JSON 的另一種排版：主體在簽名與發送之間被重新寫過。',
  BODY_LINE_BREAKS_STRIPPED: '你簽名時主體有換行，發送時卻被移除；「curl -d @檔案」便會這樣。',
  BODY_KEYS_SORTED: '你簽名時 JSON 的鍵已排序，發送時次序卻不同。',
  BODY_NULLS_DROPPED: '你簽名時 JSON 不含空值成員，發送時卻包含在內。',
  BODY_SLASHES_ESCAPED: '你簽名時 JSON 的每個「/」寫成「\\/」，發送時卻是原樣。',
  BODY_UNICODE_ESCAPED: '你簽名時 ASCII 以外的字元寫成 \\uXXXX，發送時卻是字元本身。',
  BODY_HTML_ESCAPED: '你簽名時 JSON 的 <、>、& 寫成轉義，發送時卻是原樣。',
  BODY_ESCAPES_EXPANDED: '你發送的 JSON 含有轉義，簽名時卻換成了字元本身。',
  BODY_CRLF: '主體的換行方式在簽名與發送之間改變了（LF、CR LF）。',
  BODY_ONLY_SIGNED: '你只簽了主體；前面還應有方法、路徑、Client-Id 與時間。',
  BODY_PART_SIGNED: '你只簽了所發送 JSON 中的一個值；應對整個主體簽名，與發送的完全一樣。',
  BODY_ENCODED:
    '主體只在簽名時或只在發送時被編碼成文字（base64、十六進制或 URL 編碼）；兩者應使用相同的位元組。',
  BODY_PLUS_BECAME_SPACE:
    '在簽名與發送之間，主體中的每個「+」變成了空格，或相反：主體被 URL 解碼了。',
  TIME_OR_BODY_CHANGED:
    '你的密鑰與雜湊正確，但收到的時間或主體與你所簽的不同。時間比毫秒更精細，時鐘若讀取了兩次，可能的讀數太多，無法逐一嘗試；請對所發送的同一變數簽名。',
  BODY_HASH_SIGNED: '你簽的是主體的雜湊值，而不是主體本身。',
  BODY_EMPTY_SIGNED: '你簽了空主體，卻發送了有主體的請求：讀取得太遲，或資料流已被讀完。',
  BODY_STRINGIFIED_TWICE:
    'JSON 文字在其中一邊多經過一次 JSON 編碼：簽名與發送的主體之中，有一個是包着另一個的 JSON 字串。',
  BODY_OBJECT_PRINTED: '你簽的是物件的列印形式，而不是它的 JSON 文字。',
  BODY_CHANGED:
    '你的密鑰與雜湊都正確，但到達的主體並非你簽名的主體，也沒有任何已知錯誤能解釋：資料在簽名與發送之間被更改。',
  BODY_BOM: '主體開頭的位元組順序標記被簽名而沒有發送，或被發送而沒有簽名。',
  BODY_CHARSET: '簽名與發送時使用了不同的字元編碼；兩者都必須是 UTF-8。',
  ENC_HEADER_NAME: '表示主體已加密的標頭名為 Encrypt；你用了別的名稱，會被忽略。',
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
  ENC_MODE_ECB: '主體以 ECB 模式加密；接收方設定為另一種模式。',
  ENC_MODE_CBC: '主體以 CBC 模式加密，排列方式與接收方預期不同；預設為不帶 IV 的 ECB。',
  ENC_MODE_GCM: '主體以 GCM 模式加密；應為不帶 IV 及標籤的 ECB。',
  ENC_PADDING: '主體在加密前以零填充；應使用 PKCS#7 填充（Java 稱為 PKCS5Padding）。',
  ENC_BODY_NOT_ENCRYPTED: '發送了 Encrypt 標頭，但主體是未加密的 JSON。',
  ENC_BODY_IN_JSON: '加密後的主體被包在 JSON 之內；主體應只是密文的 base64 文字。',
  ENC_BODY_ENCODING: '加密主體正確，但並非標準的 base64 寫法。',
  ENC_PLAINTEXT_SIGNED: '你簽的是明文；應先加密，再對你發送的 base64 文字簽名。',
};

export interface LintRuleText {
  readonly title: string;
  readonly why: string;
}

/** The rules of lint in Chinese by id. A test checks that none is missing. */
export const lintRulesInChinese: Readonly<Record<string, LintRuleText>> = {
  'L-RTY-01': {
    title: '結果未知後改用了新的 requestId',
    why: 'AlipayHK 可能已收到第一個訊息：更改便會執行兩次。',
  },
  'L-RTY-02': {
    title: '被最終拒絕後仍再次發送',
    why: '相同的請求只會得到相同的拒絕，真正的問題因而無人發現。',
  },
  'L-RTY-03': {
    title: '同一個 requestId 下更改了主體',
    why: '一個 requestId 只代表一個訊息：第二個主體會被拒絕或忽略。',
  },
  'L-RTY-04': {
    title: '成功後仍再次發送',
    why: '一次無礙，但反映客戶端沒有儲存結果。',
  },
  'L-RTY-05': {
    title: '重複使用舊的簽名',
    why: '檢查 Request-Time 的網關最遲在數分鐘後便會拒絕。',
  },
  'L-RTY-06': {
    title: 'HTTP 程式庫自行重複請求',
    why: '實際的嘗試次數多於應用程式所計算的。',
  },
  'L-RTY-07': {
    title: '重試之間沒有停頓',
    why: '平台已經過載時負荷更重，隨後便會觸及流量上限。',
  },
  'L-RTY-08': {
    title: '無止境地重試',
    why: '文件所載的重試計劃在六次後結束；永遠重試的訊息無人得知。',
  },
  'L-RTY-09': {
    title: '結果未知的訊息被放棄',
    why: '商戶不知道 AlipayHK 有否收到，用戶也不知道。',
  },
  'L-RTY-10': {
    title: '無視流量上限',
    why: '這些請求同樣計入上限，限制因而更久。',
  },
  'L-RTY-11': {
    title: '一再因簽名被拒',
    why: '重複發送不能修正簽名；這個客戶端的訊息全部未能送達。',
  },
  'L-ID-01': {
    title: '同一個 requestId 用於兩種操作',
    why: '文件沒有說明 requestId 須在操作之內還是客戶端之內唯一。',
  },
  'L-ID-02': {
    title: '以業務編號作為 requestId',
    why: '關於它的第二個訊息會有相同的 requestId，因而被當作重複。',
  },
  'L-ID-03': {
    title: 'requestId 可以預測',
    why: '計數器一旦遺失或還原，編號便會重複，訊息因而被忽略。',
  },
  'L-TIM-01': {
    title: '時鐘不一致',
    why: '檢查 Request-Time 的網關會拒絕所有請求。',
  },
  'L-TIM-02': {
    title: '沒有重新讀取時鐘',
    why: '時間只讀取一次，而非每次嘗試都讀取，因而會變得太舊。',
  },
  'L-TIM-03': {
    title: '沒有逾時限制',
    why: '執行緒或連線一直等待永不到來的回應，直至耗盡。',
  },
  'L-TIM-04': {
    title: '等待時間太短',
    why: '每個緩慢的回應都變成未知結果，並再引發一個請求。',
  },
  'L-TIM-05': {
    title: 'Request-Time 的寫法沒有文件依據',
    why: '真實網關可能會拒絕。',
  },
  'L-ORD-01': {
    title: '事件時間沒有遞增',
    why: 'AlipayHK 會視之為舊訊息而忽略，回應卻是 SUCCESS。',
  },
  'L-ORD-02': {
    title: '訂單的常數被更改',
    why: '文件說明它們不會改變：訊息會被拒絕。',
  },
  'L-ORD-03': {
    title: '再次要求已被拒絕的狀態',
    why: '訂單或會員卡不能轉往該狀態；重複要求會掩蓋商戶與 AlipayHK 的不一致。',
  },
  'L-ORD-04': {
    title: '同時發送關於同一對象的兩個訊息',
    why: '哪一個先到無法得知，較舊的可能勝出。',
  },
  'L-ORD-05': {
    title: '未知結果便繼續',
    why: '客戶端把未知或不可信的回應當作成功。',
  },
  'L-SIG-01': {
    title: '時而加密，時而不加密',
    why: '本應加密的個人資料以明文發出。',
  },
  'L-SIG-02': {
    title: '多個訊息共用一個對稱密鑰',
    why: '相同的內容看來一樣；一個密鑰外洩便全部可解。',
  },
  'L-SIG-03': {
    title: '使用舊的密鑰版本',
    why: '舊密鑰一旦撤銷，系統的這一部分便會被拒絕。',
  },
  'L-HTTP-01': {
    title: '請求中帶有對模擬器的控制',
    why: '它亦會被發送到 AlipayHK。',
  },
  'L-HTTP-02': {
    title: '連線沒有保持',
    why: '每個請求都要付出 TCP 與 TLS 握手的代價。',
  },
  'L-HTTP-03': {
    title: '主體有異常之處',
    why: '模擬器予以放行，真實網關則未必。',
  },
};
