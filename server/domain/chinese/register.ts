/** An entry of the fidelity register in Traditional Chinese; its sources are quoted as they are. */
export interface RegisterTexts {
  readonly question: string;
  readonly default: string;
}

const checked = '按頁面所載的欄位，發送時檢查；回應亦會檢查。';
const openQuestion =
  '開放的範本：頁面沒有載明的列於 openapi/outbound.yaml（x-unknown），其他任何欄位均會發送及接受。';
const registerTexts = (question: string, answer: string): RegisterTexts => ({
  question,
  default: answer,
});

export const registerInChinese: Readonly<Record<string, RegisterTexts>> = {
  'P-01': registerTexts(
    'Sync Additional info 的路徑是甚麼？',
    '/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync。啟動時會警告此路徑是推斷的。/api/open/ 之下的未知路徑會得到 INVALID_API，訊息會指出 paths.*。',
  ),
  'P-02': registerTexts(
    'Synchronize Account Linkage Status 的路徑是甚麼？',
    '/api/open/alipay/v1/promotion/binding/sync。啟動時會警告此路徑是推斷的。',
  ),
  'P-03': registerTexts(
    'Synchronize Latest PaymentInfo 的路徑是甚麼？',
    '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync。',
  ),
  'P-04': registerTexts('Order sync 的路徑是甚麼？', '/api/open/alipay/v1/merchant/order/sync。'),
  'P-05': registerTexts(
    'Update AlipayHK Membership card 的路徑是甚麼？',
    '/api/open/alipay/v1/ipass/pass/manage/updatePass。',
  ),
  'G-01': registerTexts(
    '檢查的次序是甚麼？',
    '路徑；方法；媒體類型及大小；標頭存在且格式正確；客戶端；演算法及密鑰版本；原始位元組的簽名；權限及流量；解密；JSON；合約；重複請求；事件次序；操作的規則。首個不通過的檢查決定回應。',
  ),
  'G-02': registerTexts(
    '每種拒絕用哪個代碼？',
    '未知路徑 INVALID_API；非 POST METHOD_NOT_SUPPORTED；媒體類型錯誤 MEDIA_TYPE_NOT_ACCEPTABLE；標頭缺少或格式錯誤 PARAM_ILLEGAL；Client-Id 未知或停用 INVALID_CLIENT；客戶端沒有密鑰或沒有該版本 KEY_NOT_FOUND；簽名未能通過驗證 INVALID_SIGNATURE；客戶端不可呼叫該操作 ACCESS_DENIED；請求過多 REQUEST_TRAFFIC_EXCEED_LIMIT（U）；解密、JSON 或合約不符 PARAM_ILLEGAL；內部錯誤 UNKNOWN_EXCEPTION，狀態按操作本身。',
  ),
  'G-03': registerTexts('拒絕用哪個 HTTP 狀態？', '一律 200。'),
  'G-04': registerTexts(
    '拒絕會簽名嗎？',
    '簽名檢查及之前的拒絕不簽名，亦沒有 signature 及 response-time；其後的會簽名。',
  ),
  'G-05': registerTexts(
    '回應標頭的名稱用大寫還是小寫？',
    'client-id、signature、response-time、tracer-id、encrypt，均為小寫。',
  ),
  'G-06': registerTexts(
    '回應的 Signature 標頭究竟是甚麼樣子？',
    'algorithm=...,keyVersion=...,signature=<經 URL 編碼的 base64>，按此次序，沒有空格。',
  ),
  'G-07': registerTexts('結果物件叫甚麼？', 'result；會員卡的路徑則為 resultInfo。'),
  'G-08': registerTexts('Accept 標頭有影響嗎？', '忽略。'),
  'G-09': registerTexts(
    'Request-Time 哪些格式有效？可以多舊？',
    'ISO-8601，帶 +08:00 之類的偏移或「Z」，秒的小數可有可無。+0800 及毫秒時間戳會接受，但附有提示。不檢查有多舊。',
  ),
  'G-10': registerTexts(
    'Signature 及 Encrypt 中的 key=value 列表怎樣讀？',
    '逗號後有無空格均可，次序不限，algorithm 大小寫不限，每對在首個等號處分開。沒有 algorithm 即 RSA256，沒有 keyVersion 即最新的生效版本（G-26）。keyVersion=0 亦指最新的生效密鑰，附有提示。未知的鍵（keyversion、Algorithm）會忽略，各有提示。以逗號以外的分隔符號寫成的列表為 PARAM_ILLEGAL。',
  ),
  'G-11': registerTexts(
    '若簽名是 base64 但沒有 URL 編碼？',
    'PARAM_ILLEGAL，視作標頭格式錯誤，並附有說明。',
  ),
  'G-12': registerTexts('ECC224 是甚麼？', '曲線 secp224r1、SHA-256、DER。'),
  'G-13': registerTexts(
    'RSA_AES 怎樣加密正文？',
    'AES/ECB/PKCS#7，密鑰為 128、192 或 256 位元，以 RSA PKCS#1 v1.5 包裹；兩者均為 base64，包裹後的密鑰另加 URL 編碼。先加密，再對 base64 文字簽名。請求經加密時回應亦加密，每次以客戶端的公鑰包裹新的密鑰。',
  ),
  'G-14': registerTexts('Encrypt 中的 algorithm=RSA 是甚麼意思？', '讀作 RSA_AES，附有提示。'),
  'G-15': registerTexts('正文必須加密嗎？', '可選。'),
  'G-16': registerTexts(
    'Tracer-Id 是甚麼樣子，何時發送？',
    '每個回應都有；7 個小寫字母加 21 個數字，與樣本相同。',
  ),
  'G-17': registerTexts('合約沒有的請求欄位怎樣處理？', '接受，附有提示。'),
  'G-18': registerTexts('UNKNOWN_EXCEPTION 是 U 還是 F？', '按操作本身頁面的狀態；賬戶綁定為 U。'),
  'G-19': registerTexts(
    '會檢查 Agent-Token 嗎？',
    '接受並寫入日誌，不檢查。它不是待簽名文字的一部分。',
  ),
  'G-20': registerTexts(
    '接受哪些字元集？',
    '只有 UTF-8；Content-Type 中的其他字元集為 MEDIA_TYPE_NOT_ACCEPTABLE。Content-Type 只發送一次；SDK 的一對會接受，其他重複為 PARAM_ILLEGAL。',
  ),
  'G-21': registerTexts(
    '請求目標可以有哪些形式？',
    'origin 形式（/path）及 absolute 形式（https://host/path）。兩者的待簽名文字均包含路徑及查詢字串。',
  ),
  'G-22': registerTexts(
    '不同演算法的密鑰版本可以同時存在嗎？',
    '密鑰版本按演算法分開計算，因此 RSA256 版本 1 與 ECC224 版本 1 是兩把密鑰。',
  ),
  'G-23': registerTexts(
    '拒絕會加密嗎？',
    '請求一經解密，不論結果，回應都會加密。之前的拒絕為明文。',
  ),
  'G-24': registerTexts('若正文大於上限？', 'PARAM_ILLEGAL。'),
  'G-26': registerTexts(
    '密鑰版本何時生效？',
    '一直生效，除非密鑰資料夾的 key-validity.yaml 設有開始或結束。版本可以重疊；沒有 keyVersion 即最新的生效版本；尚未生效或已退役的為 KEY_NOT_FOUND。加密回應使用客戶端最新的生效 RSA 密鑰，即使請求以較舊的簽名。',
  ),
  'G-27': registerTexts(
    '可省略的欄位為 null 或空字串時怎樣處理？',
    '可省略欄位的 null 視作沒有提供。會員卡頁面稱為可為 null 的欄位，null 會清除所儲存的值。可省略欄位的空字串會接受，附有提示。',
  ),
  'G-29': registerTexts(
    'resultMessage 寫甚麼？',
    '先是該列的文字，然後在方括號中寫明具體問題，合計最多 256 個碼位。AlipayHK 頁面沒有的列，用模擬器的文字。',
  ),
  'G-30': registerTexts(
    '哪些回應載有 client-id？',
    '凡請求恰有一個 Client-Id，拒絕亦然，原樣送回。否則沒有。',
  ),
  'G-25': registerTexts(
    '哪條規則決定一次呼叫的回應？',
    '按此次序，首條匹配的規則：請求的 x-mock-* 標頭、為客戶端排隊的規則、客戶端自己的情境、魔術值（以 MOCK_ 開頭的識別欄位）、對所有客戶端生效的情境、合約本身的行為。這些標頭不簽名。要求未知事物的標頭為 PARAM_ILLEGAL。',
  ),
  'G-28': registerTexts(
    '更改無法儲存時有何回應？',
    '寫入之前：五個操作均為 UNKNOWN_EXCEPTION 及 U，不作任何更改；狀態超出 limits.stateBytes 亦然。重新啟動後仍可能找到該更改時：不回應便關閉連線。更改已儲存而其後回應失敗：U，或沒有回應。',
  ),
  'G-31': registerTexts(
    '若同一 JSON 物件中有重複的名稱？',
    '以最後一個為準，與大多數 JSON 讀取器相同；附有指出名稱的提示。',
  ),
  'G-32': registerTexts(
    '若數字的位數多於 JavaScript 所能保留？',
    '讀作最接近的雙精度數；提示會原樣寫出該數字，拒絕亦以相同形式引用。',
  ),
  'G-33': registerTexts(
    '平台有多把密鑰時，以哪一把簽署回應？',
    '最新的生效密鑰，並在 Signature 標頭寫明。客戶端若以自己的平台密鑰建立，則以其中最新的一把。',
  ),
  'G-34': registerTexts(
    '回應可以有表中沒有的結果嗎？',
    '不可以。情境若寫上未知的代碼或錯誤的狀態，即為錯誤。',
  ),
  'G-35': registerTexts(
    '客戶端在回應送完之前關閉連線，以甚麼為準？',
    '已決定的維持不變，因此再次發送的請求即為重複。日誌記錄客戶端所能知道的：NO_ANSWER 及 U，並標示 client-left。若是情境中斷了送達，則記錄其結果。作業系統已接收的位元組視作已送出；是否抵達則不得而知。',
  ),
  'G-36': registerTexts(
    '正文始終不完整的請求會怎樣？',
    '不檢查、不決定、不回應。日誌記錄該請求及已收到的部分，代碼為 none，標示 broken-off，並寫明由誰關閉連線。腳本規則不會計作一次呼叫。',
  ),
  'I-01': registerTexts(
    'requestId 在甚麼範圍內唯一？',
    'Client-Id、操作及 requestId 三者合計。會員卡沒有重複請求的處理。',
  ),
  'I-02': registerTexts(
    '重複的 requestId 加相同正文有何回應？',
    '再次給出首次回應的結果，Response-Time 及簽名是新的；orderStatus 為現時狀態。不作任何更改；日誌標示為重複。正文以解密後的明文比較。',
  ),
  'I-03': registerTexts(
    '重複的 requestId 加另一個正文有何回應？',
    'PARAM_ILLEGAL（F）。不作任何更改。詳情寫明哪些欄位不同，或是同一 JSON 的另一種寫法。',
  ),
  'I-04': registerTexts(
    '哪些回應會儲存供重複之用？',
    '由操作本身作出的 S 或 F 決定。U 絕不儲存，網關或合約的拒絕亦不儲存：其後的重試會重新處理。情境所編排的失敗亦不儲存：每次呼叫都會再看情境。若情境保留更改，則儲存操作本身的決定，如同只是回應遺失。',
  ),
  'I-05': registerTexts(
    'requestId 保留多久？',
    '與客戶端的狀態同存，並設上限；其後移除最舊的，日誌會寫明。',
  ),
  'O-01': registerTexts(
    '過時的訊息（新的 requestId，事件時間不比現存的新）有何回應？',
    'SUCCESS，不作任何更改；訂單的回應載有所儲存的狀態。日誌標示為過時。',
  ),
  'O-02': registerTexts(
    '哪個欄位是事件時間？',
    '附加資料及付款資料為 requestTime，賬戶綁定為 bizTime，訂單為 orderModifyTime，會員卡沒有。',
  ),
  'O-03': registerTexts(
    '哪些欄位識別訊息所更新的記錄？',
    '附加資料及付款資料：openId、accountId、type、subType。賬戶綁定：externalIdentityType、externalIdentityValue、userId、bindingTargetType、bindingTarget；USER_ID 而沒有 bindingTarget 時即為 userId。訂單：merchantBizNo 加 merchantAccountId，否則加 merchantId，否則兩者皆無；更新沒有賬戶時，更新沒有賬戶的訂單，若另有訂單則附有提示。會員卡：merchantId、passId。沒有提供、null 及空字串視作同一值。',
  ),
  'O-04': registerTexts(
    '若 orderCreateTime 或 merchantBizType 與訂單首個訊息不同？',
    'PARAM_ILLEGAL。',
  ),
  'E-01': registerTexts(
    '有哪些訂單狀態？之間可以怎樣轉換？',
    '每個 merchantBizType 一個表：合約的 x-statuses。首個訊息可為所列的任何狀態，可以向前跳過。沒有列出的狀態或不容許的轉換為 ORDER_STATUS_INVALID。可在設定中取代某個表。',
  ),
  'E-02': registerTexts(
    'CHARGING_PILE 有哪些狀態？',
    '按現行頁面。FAULT 會接受，附有提示，行為與 PAUSED 相同。',
  ),
  'E-03': registerTexts('訂單需要 userId、openId 還是兩者？', '至少其一。'),
  'E-04': registerTexts(
    '訂單的 orderId 怎樣產生？',
    '由客戶端及識別欄位（O-03）推算，因此同一訂單每次執行都有相同的編號。',
  ),
  'E-05': registerTexts('會發送 distributeResult 嗎？', '不發送。'),
  'E-06': registerTexts(
    '賬戶綁定必須有 bindingTarget 嗎？',
    '必填，除非 bindingTargetType 為 USER_ID。',
  ),
  'E-07': registerTexts('賬戶綁定的 bizType 可以是甚麼？', 'BINDING_SYNC；其他為 PARAM_ILLEGAL。'),
  'E-08': registerTexts(
    '對未知的綁定發送 UNBIND 有何回應？',
    'SUCCESS；儲存為已解除。已解除或已到期的綁定視作未知。',
  ),
  'E-09': registerTexts(
    '賬戶綁定除 SUCCESS 外還可以回應哪些代碼？',
    '不符合約為 PARAM_ILLEGAL（F）；UNKNOWN_EXCEPTION 見 G-18。',
  ),
  'E-10': registerTexts('若會員卡呼叫所指的是未知的卡？', '接受；該卡自此存在，並為生效中。'),
  'E-11': registerTexts(
    '若會員卡呼叫所指的是已關閉的卡？',
    '其後任何呼叫均為 PASS_UPDATE_FAIL（F）。',
  ),
  'E-24': registerTexts(
    '更新中沒有的會員卡欄位會怎樣？',
    '維持所儲存的值。dataInfo 按頂層鍵合併。null 會清除 codeInfo，以及 dataInfo 中的 billNo、lastChangePoints 及 pointsProvider（G-27）。',
  ),
  'E-12': registerTexts(
    '會員卡呼叫必須有 updateDetailType 嗎？',
    'status 為 UPDATE 時必填。CLOSED 而沒有時附有提示。',
  ),
  'E-13': registerTexts(
    'dataInfo、codeInfo 及 merchant 有哪些子欄位？',
    '開放的物件。已知的子欄位有類型，其他會接受。codeInfo 有字串 $codemsg$ 及 $codevalue$，或為 null。dataInfo 的佔位符按語言（en_US、zh_HK）或平列（$name_zh_HK$；文字、數字、null 或 {cent, currency}）。既非以 $ 開頭及結尾、亦非三個所列名稱之一的鍵附有提示。merchant 的三個欄位為最多 64 個字元的字串。',
  ),
  'E-14': registerTexts('subType 必填嗎？', '附加資料必填，付款資料可省略。'),
  'E-15': registerTexts('type 及 subType 可以是甚麼值？', '最多 64 個字元的任何文字。'),
  'E-16': registerTexts(
    '長度怎樣計算？',
    '按頁面所載為上限（「Value range 64」亦然），以 Unicode 碼位計算。',
  ),
  'E-17': registerTexts(
    '哪些數字是有效的時間戳？',
    '整數、非負、在安全整數範圍內。小於 10^11 看似秒數，附有提示。',
  ),
  'E-18': registerTexts(
    '付款資料的金額及貨幣哪些有效？',
    '整數（分）、非負；三個大寫字母。ISO 4217 沒有列出的代碼附有提示，金額物件亦然。',
  ),
  'E-19': registerTexts(
    'requestId 可以多長？',
    '頁面所載的上限。訂單的 requestId 若為帶連字號的 UUID 會被拒絕，訊息會說明原因。',
  ),
  'E-20': registerTexts(
    '每個 merchantBizType 需要哪些額外欄位？',
    '頁面標為必填的欄位會以 PARAM_ILLEGAL 強制。未知的子欄位維持開放。',
  ),
  'E-21': registerTexts('會員卡呼叫需要 userId、openId 還是兩者？', '至少其一。'),
  'E-22': registerTexts(
    'expiryTime 已過的綁定怎樣處理？',
    '等同沒有綁定。BIND 會更新；UNBIND 視作解除未知的綁定（E-08）。expiryTime 已過的 BIND 附有提示。',
  ),
  'E-23': registerTexts('endDate 已過的會員卡可以更新嗎？', '可以，附有提示。'),
  'E-25': registerTexts(
    'actionUrl 及 extInfo 可以是甚麼值？',
    '任何文字。actionUrl 的協定若非 alipayhk，或 extInfo 並非 JSON 物件，附有提示。',
  ),
  'OB-01': registerTexts('AlipayHK 建立商戶會員時發送甚麼？', openQuestion),
  'OB-02': registerTexts('AlipayHK 發送甚麼作為交易記錄？', checked),
  'OB-03': registerTexts('AlipayHK 怎樣查詢未付賬單？', `${checked}賬單的欄位不檢查。`),
  'OB-04': registerTexts('AlipayHK 怎樣查詢用戶的賬戶？', `${checked}賬戶的欄位不檢查。`),
  'OB-05': registerTexts('AlipayHK 在增值前怎樣驗證手提電話號碼？', checked),
  'OB-06': registerTexts('AlipayHK 怎樣建立預付增值的訂單？', checked),
  'OB-07': registerTexts('AlipayHK 怎樣查詢最新的付款資料？', checked),
  'OB-08': registerTexts('用戶解除綁定賬單賬戶時，AlipayHK 發送甚麼？', openQuestion),
  'OB-09': registerTexts('用戶綁定賬單賬戶時，AlipayHK 發送甚麼？', openQuestion),
  'OB-10': registerTexts('AlipayHK 怎樣建立賬單的訂單？', openQuestion),
  'OB-11': registerTexts(
    'AlipayHK 怎樣建立加購的訂單？',
    `${openQuestion}回應的 merchantNotifyUrl 會顯示，但絕不呼叫。`,
  ),
  'OB-12': registerTexts('加購結束時，AlipayHK 發送甚麼？', openQuestion),
  'OB-13': registerTexts('AlipayHK 發送甚麼作為付款通知？', checked),
  'OB-14': registerTexts('授權取消時，AlipayHK 發送甚麼？', openQuestion),
  'OB-15': registerTexts('姊妹錢包的付款通知是甚麼？', `${openQuestion}首個路徑為預設。`),
  'OB-16': registerTexts(
    '通知何時再次發送？',
    '按該計劃，以客戶端的時鐘，適用於每個未獲確認的通知；確認指 SUCCESS、已簽名、及時，並符合合約格式。查詢只發送一次。',
  ),
  'OB-17': registerTexts(
    '較舊信封的 head、body 及 signature 怎樣寫？',
    'head 有 version、function、clientId、reqTime 及 reqMsgId。除 Signature 標頭外，signature 亦以該方式產生。回應的 head 及 body 可在 response 之內或直接寫出；其中的簽名不檢查，Signature 標頭則會檢查。',
  ),
  'OB-18': registerTexts(
    'AlipayHK 等候回應多久？',
    '查詢 3000 毫秒，通知 5000 毫秒；其後該次嘗試即為失敗。',
  ),
  'OB-19': registerTexts(
    '商戶的回應必須簽名嗎？',
    '必須。沒有簽名，或簽名未能以客戶端密鑰通過驗證的回應，不算確認；日誌載有診斷。',
  ),
};

const servedPath =
  '在此路徑提供該操作，待簽名文字中的路徑亦隨之改變。可同時提供多個路徑（列表，或在旗標或變數中以逗號分隔）；待簽名文字採用請求所用的路徑。send、樣本及集合採用首個。';
const bodiesOf = '適用於客戶端的所有操作，或按名稱逐一指定。';

/** What the settings of an entry do, in the entry's order. */
export const settingEffectsInChinese: Readonly<Record<string, readonly string[]>> = {
  'P-01': [servedPath, '置於每個路徑之前。'],
  'P-02': [servedPath],
  'P-03': [servedPath],
  'P-04': [servedPath],
  'P-05': [servedPath],
  'G-03': ['400、401、403、404、405、413、415、429 或 500，按拒絕的原因而定。'],
  'G-04': [
    '每個拒絕均簽名；呼叫者未知時使用平台的 RSA 密鑰。',
    '任何拒絕均不簽名。',
    '此規則的回應一律不簽名，不論拒絕或成功；謹慎的商戶必須不接受沒有簽名的成功回應。',
    '此規則的回應一律簽名，不論 signRefusals 為何。這是規則的預設；在序列中才有分別。',
  ],
  'G-07': ['會員卡的路徑亦用 result。', '會員卡的路徑以兩個名稱發送同一物件。'],
  'G-09': [
    '並非帶偏移或「Z」的 ISO-8601，一律為 PARAM_ILLEGAL。',
    '每個因 Request-Time 而作的拒絕所用的代碼。沒有頁面列出。',
    'Request-Time 與模擬器時鐘相差超過此數即為 PARAM_ILLEGAL。預設為關閉。',
  ],
  'G-10': ['keyVersion=0 為 PARAM_ILLEGAL。'],
  'G-11': ['接受。'],
  'G-12': ['以 SHA-224 取代 SHA-256。', '簽名為 r 接 s（56 位元組），而非 DER。'],
  'G-13': [
    '請求及回應均以 AES/CBC 取代 ECB，IV 置於密文之前。',
    'AES/CBC，IV 全為零，並不發送。',
    '以 AES/GCM 取代 ECB：12 位元組的 IV、密文、16 位元組的標籤。',
    '請求及回應均以 RSA-OAEP（SHA-1）取代 PKCS#1 v1.5。',
    'RSA-OAEP，兩個雜湊均為 SHA-256。',
    'RSA-OAEP，SHA-256 配 MGF1 的 SHA-1，即 Java 的預設組合。',
    '包裹的是密鑰的 base64 文字，而非其位元組。',
  ],
  'G-14': ['PARAM_ILLEGAL。'],
  'G-15': [
    `${bodiesOf}明文及加密的正文均接受。`,
    `${bodiesOf}明文正文為 PARAM_ILLEGAL。`,
    `${bodiesOf}加密正文為 PARAM_ILLEGAL。`,
  ],
  'G-16': ['同一值亦以 tracerId 發送。'],
  'G-17': ['PARAM_ILLEGAL。'],
  'G-18': ['情境可以任何一種狀態發送 UNKNOWN_EXCEPTION。'],
  'G-19': ['此客戶端的請求若帶有另一個權杖或沒有權杖，為 ACCESS_DENIED。'],
  'G-24': ['所接受的最大正文，以位元組計。', '此拒絕的 HTTP 狀態為 413。'],
  'G-27': ['可省略的欄位若為空字串，為 PARAM_ILLEGAL。'],
  'G-29': ['只有該列的文字。詳情在日誌中。', '只有該列的文字，沒有 x-mock-* 標頭。'],
  'G-25': ['標頭及魔術值均不起作用。'],
  'G-33': ['以該版本簽署此規則的回應，已退役的亦可。'],
  'G-34': [
    '此規則可以任何狀態回應任何代碼。',
    '同一回應的另一種位元組：成員次序、空格、額外成員、標頭名稱的寫法。',
  ],
  'I-02': ['orderStatus 與首次回應相同。'],
  'I-03': [
    '以此代碼回應（F）。',
    '視作正文相同而回應（I-02）。',
    '正文的 JSON 值相等即為相同，不論寫法。',
    '同上，但忽略 requestTime，因重試可更新其值。',
  ],
  'I-05': ['保留多少個 requestId。'],
  'O-01': ['訂單為 ORDER_STATUS_INVALID，其他為 PARAM_ILLEGAL。', '視作較新的訊息而套用。'],
  'O-03': ['訂單只以 merchantBizNo 識別。'],
  'O-04': ['接受該更改。'],
  'E-01': ['任何狀態之後可以是任何其他狀態。', '取代某個 merchantBizType 的表。'],
  'E-05': ['情境的回應載有此值。'],
  'E-08': ['回應 PARAM_ILLEGAL（F），不儲存任何內容。'],
  'E-10': ['回應 PASS_HAS_NOT_EXIST（F）。'],
  'E-11': ['回應 SUCCESS。'],
  'E-24': ['只儲存最後的訊息；其中沒有的欄位會移除。'],
  'E-12': ['CLOSED 時亦必填，否則為 PARAM_ILLEGAL。'],
  'E-15': ['各類型及其子類型；列表以外的一律為 PARAM_ILLEGAL。'],
  'E-17': ['看似秒數的值為 PARAM_ILLEGAL。'],
  'E-20': ['缺少的欄位會成為提示。'],
  'E-23': ['拒絕，除非該訊息關閉會員卡，或把 endDate 移至未來。'],
  'OB-16': [
    'S 及 F 均結束重試；U 及無法讀取的回應會再次發送，與姊妹產品相同。',
    '取代各次停頓；空列表即只發送一次。',
  ],
  'OB-18': ['每次呼叫的時限。'],
};
