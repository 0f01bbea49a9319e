/** An entry of the fidelity register in Traditional Chinese. */
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

/** Where an entry comes from, and what was read there. */
export const sourcesInChinese: Readonly<Record<string, string>> = {
  'P-01':
    'AlipayHK 的「Sync Additional info」頁面，就所讀部分，沒有印出路徑。預設依照同一產品印出的兩個路徑：.../merchant/outAccount/paymentInfo/sync 及 .../merchant/template/sync，均把標題的名詞放在 /sync 之前。其他讀法的可能性相若，較可能的有 /api/open/v1/alipayhk/merchant/outAccount/sync 及 /api/open/v1/alipayhk/merchant/outAccount/accountInfo/sync。',
  'P-02':
    'AlipayHK 的「Synchronize Account Linkage Status」頁面，就所讀部分，沒有印出路徑。預設以同一產品較新 API 的前綴（/api/open/alipay/v1/promotion/benefit/issue）加上固定的 bizType BINDING_SYNC。把握甚低。',
  'P-03': 'AlipayHK 的「Synchronize Latest PaymentInfo」頁面印有。',
  'P-04': 'AlipayHK 訂單服務的「Base API」頁面印有。',
  'P-05':
    'AlipayHK 此標題的頁面有數個版本。取用欄位的版本，就所讀部分，沒有印出路徑；現行版本及自動賺取產品的較舊版本印出相同的路徑，某整合商的程式碼亦呼叫它（field）。',
  'G-01': '沒有文件載明次序。何者簽名、何者不簽名（G-04）顯示客戶端及簽名先於內容。',
  'G-02':
    '所有代碼及其狀態均在 AlipayHK 的「codeConsult」頁面的結果碼表；Alipay+ 及小程序平台亦印有大部分。對 REQUEST_TRAFFIC_EXCEED_LIMIT 說法不一：AlipayHK 為 U，小程序平台為 F。Alipay+ 說 PARAM_ILLEGAL 涵蓋標頭欄位。推斷的有：缺少密鑰或密鑰版本為 KEY_NOT_FOUND、Content-Type 為 MEDIA_TYPE_NOT_ACCEPTABLE（其文字所指是 Accept）、無法解密的正文為 PARAM_ILLEGAL。',
  'G-03':
    '沒有頁面印出。Antom 的官方 Java、PHP 及 Python SDK 把 200 以外的任何狀態視作傳輸失敗，只在 200 時讀取結果；指南請讀者看結果。',
  'G-04':
    'Antom 的指南指出簽名無效時不會送回簽名；Antom Java SDK 的一位維護者說有些結果無法簽名；其後 SDK 的一項更改只在 F 或 U 時接受沒有簽名的回應。簽名檢查之後的一律簽名，屬推斷。呼叫曾抵達 AlipayHK 的某整合商的客戶端，在讀代碼之前遇到沒有 Signature 的回應便拋出例外（field）：它不能分辨這種拒絕與損壞的回應。情境 sig-unsigned-refusal 會送出一個。',
  'G-05':
    'AlipayHK 印作大寫開頭；按 Alipay+ 的指南及 HTTP，名稱不分大小寫。Antom 的 PHP 及 Python SDK 以小寫比較。',
  'G-06':
    'AlipayHK 按此次序印出三個鍵，但沒有作此要求。Antom 的 SDK 按位置讀取標頭，或取最後一個鍵之後的全部。呼叫曾抵達 AlipayHK 的某整合商的客戶端以逗號分開而不去空格，且每對須恰有一個 =。',
  'G-07':
    'AlipayHK 的會員卡頁面稱結果物件為 resultInfo，其餘四頁為 result。頁面沒有就網關的拒絕作說明。同系的 createPass 頁面為 result，某整合商的客戶端對 updatePass 亦預期 result（field）。其中的代碼、狀態及訊息為官方 SDK 的 Result 模型；AlipayHK 的頁面列出前兩者。',
  'G-08': 'Antom 的官方 Java SDK 所發的 Accept 標頭沒有列出 JSON，但每個回應都是 JSON。',
  'G-09':
    'AlipayHK 的頁面要求帶時區的 ISO-8601；呼叫曾抵達 AlipayHK 的某整合商發送秒的小數及「Z」。同系產品的官方 SDK 發送 +0800 及毫秒時間戳；接受這些屬推斷。此協定沒有任何地方印出有效時限。',
  'G-10':
    'AlipayHK 的頁面所示的列表，逗號後有的有空格，有的沒有；RSA256 為預設演算法，最新的密鑰版本為預設；Antom 所載的 AlipayHK API 基礎說演算法名稱不分大小寫。次序不限及在首個等號處分開，由實地所見的客戶端推斷。呼叫曾抵達 AlipayHK 的某整合商及許多公開的客戶端發送 keyVersion=0。',
  'G-11':
    'Antom 實際網關的兩份獨立報告所述，是引用該標頭的「illegal parameter」回應，而非簽名無效。Antom 的指南要求 URL 編碼；ZOLOZ 的樣本則沒有。',
  'G-12': 'AlipayHK 的頁面只有演算法的名稱；沒有公開文件載明曲線、雜湊或格式，亦沒有 SDK 實作。',
  'G-13':
    'AlipayHK 載明該標頭、其鍵及 RSA_AES。Antom 的指南說訊息以 AES 加密，密鑰以 RSA 加密，然後才簽名；ZOLOZ 的指南載有 RSA/ECB/PKCS1Padding，回應按請求加密；ZOLOZ 的官方 Java SDK 使用 AES/ECB/PKCS5Padding。某第三方移植版使用 CBC 加 OAEP。就 AlipayHK 本身，找不到模式及填充。其頁面說 Encrypt 中的 keyVersion 為簽名密鑰的版本；在此指接收者 RSA 密鑰的版本。',
  'G-14':
    'AlipayHK 的會員卡頁面及 API 基礎的樣本為 algorithm=RSA，但文字說只支援 RSA_AES。視作樣本有誤。',
  'G-15':
    'AlipayHK 的頁面在內容需要加密時要求 Encrypt 標頭，其簽名指南把加密視乎內容是否敏感。哪些內容，與商戶議定。',
  'G-16':
    'AlipayHK 的頁面列出該標頭及樣本，沒有規則，亦沒有標示必填。某整合商記錄名為 tracerId 的標頭（field）。',
  'G-17': '沒有頁面說明。部分子欄位及附件無法讀取，因此這裡未知的欄位，那裡可能是已知的。',
  'G-18':
    'AlipayHK 的頁面說法不一：附加資料及會員卡為 U；付款資料及訂單基本頁為 F，而後者仍要求重試；個別訂單場景的頁面為 U。賬戶綁定頁面沒有此列；其 U 由共通代碼表推斷。',
  'G-19':
    'AlipayHK 的 API 基礎列出該標頭，五個頁面則沒有。Antom 說它是證明整合商可代表商戶的權杖，並說會檢查。',
  'G-20':
    'AlipayHK 的頁面為 charset=UTF-8，並要求密碼運算使用同一字元集。所有官方 SDK 均使用 UTF-8。對其他字元集的回應沒有載明。Antom 的官方 Go SDK 發送兩次 Content-Type，其中一次帶字元集。',
  'G-21':
    'Antom 的指南對路徑及查詢字串簽名，不含 scheme 及主機。某官方 SDK 把整個 URL 放在請求行，HTTP 容許如此。',
  'G-22':
    'AlipayHK 的頁面提到每個 Client-Id 的密鑰版本，並列出兩種演算法；沒有說明兩者怎樣一併計算。',
  'G-23': 'ZOLOZ 的指南在請求經加密時，亦只在此時，加密回應。無法解密的正文得到明文回應，屬推斷。',
  'G-24': '沒有載明上限。',
  'G-26':
    'AlipayHK 的頁面提到密鑰版本，並說最新的為預設。Antom 的疑難排解頁面提醒新密鑰未必即時生效。沒有頁面說明舊版本何時到期，以及屆時有何回應。',
  'G-27':
    'AlipayHK 的會員卡頁面容許 codeInfo 以及 dataInfo 中的 billNo、lastChangePoints 及 pointsProvider 為 null；其他頁面沒有提到 null。某姊妹產品說空字串可能引致錯誤。',
  'G-29':
    '每個頁面為每個結果碼印出 Message，以及結果三個欄位的長度 64、2 及 256。真實網關會否多於該列的文字，沒有載明。客戶端可依賴代碼及狀態；文字是給人看的。',
  'G-30':
    'AlipayHK 的頁面把 Client-Id 列於請求及回應的一般標頭。官方 SDK 從回應讀取它，以重建待簽名文字。頁面沒有就拒絕作說明。',
  'G-25':
    '真實網關沒有這些；這是控制本模擬器的方法。付款服務商讓測試者以標頭（PayPal、Amazon Pay）、魔術值（Adyen、Braintree）或就整個賬戶（Antom）選擇結果。',
  'G-28':
    '頁面列出 UNKNOWN_EXCEPTION，付款資料及訂單為 F，其他為 U。F 表示請求不會生效，但儲存剛剛失敗的伺服器不能作此保證。',
  'G-31': '沒有頁面說明。RFC 8259 稱讀取器的行為無法預料。',
  'G-32': '沒有頁面說明。AlipayHK 的 16 至 32 位編號為文字。',
  'G-33':
    'AlipayHK 的頁面說 Signature 中的 keyVersion 指明密鑰，並說最新的為預設。沒有頁面說明平台何時開始以新密鑰簽名。',
  'G-34':
    'Antom 的指南請整合商使用 resultStatus，因為會加入新代碼。AlipayHK 的頁面列出代碼，但沒有說列表齊全。',
  'G-35': 'AlipayHK 的頁面要求在沒有回應時以相同的 requestId 再次發送。沒有說明平台記錄甚麼。',
  'G-36': '沒有頁面說明。HTTP（RFC 9112）對不完整的請求沒有回應。',
  'I-01':
    'AlipayHK 的頁面說 requestId 對每個請求是唯一的，賬戶綁定頁面說它是冪等的；均沒有載明範圍。會員卡頁面沒有 requestId。',
  'I-02':
    'Antom 及 Alipay+ 的指南：已完成的動作會再次給出相同結果。AlipayHK 的賬戶綁定頁面說該編號可防止重複，沒有載明回應。AlipayHK 的付款 API 對重複的編號回應現時狀態；其訂單頁面稱 orderStatus 為現有狀態。',
  'I-03':
    'AlipayHK 的頁面沒有說明。三個姊妹產品回應 REPEAT_REQ_INCONSISTENT，且只比較關鍵參數；WorldFirst 有代碼 REPEAT_REQ_INCONSISTENT（F），所讀的 AlipayHK 頁面均沒有列出。',
  'I-04': 'Antom 的指南：U 之後的重試會推動動作完成，因此 U 不能是最終結果。沒有頁面就拒絕作說明。',
  'I-05': 'Alipay+ 的冪等鍵沒有時限，一直唯一。上限由我們所設，以限制記憶體。',
  'O-01':
    'AlipayHK 的賬戶綁定頁面以 bizTime、訂單頁面以 orderModifyTime 應付次序顛倒的訊息；訂單頁面要求每次更新的時間較新，並送回所儲存的狀態。兩者均沒有載明對過時訊息的回應。',
  'O-02':
    'AlipayHK 的頁面就 bizTime 及 orderModifyTime 如此載明。附加資料及付款資料的 requestTime 屬推斷。會員卡頁面沒有這種欄位。',
  'O-03':
    '訂單有載明：merchantBizNo 指同一訂單，merchantAccountId（已棄用：merchantId）指 ISV 的子商戶；兩個子商戶可使用同一 merchantBizNo，屬推斷。其他由欄位的含義得出；AlipayHK 一個有關卡錯誤的頁面列出 merchantId、templateCode 及 passId，其中 templateCode 在此可省略。',
  'O-04':
    'AlipayHK 的訂單頁面要求 orderCreateTime 維持不變，沒有提到 merchantBizType。對更改的回應沒有載明。',
  'E-01':
    'AlipayHK 每個業務場景的頁面列出各狀態，多數亦列出最終狀態；轉換在無法讀取的圖片中。以文字載明的有：首個訊息可為任何狀態，狀態可以跳過（數個頁面）；不可回到較早的狀態（輪候、禮券、戲院及自取的較舊頁面）；CALL_NUM 會重複，亦只有它通往 CANCELLED（輪候）；FINISHED 必須在 TO_PICK_UP 之後（自取，現行頁面）。其餘屬推斷，包括可重複狀態以更新資料。某場景頁面說 ORDER_STATUS_INVALID 涵蓋未知的狀態及不容許的更改。',
  'E-02':
    'AlipayHK 的現行頁面有 SERVING、SERVING_WO_ENDTIME、SERVING_LITE、PAUSED、COMPLETED、PARKING_DUE、FINISHED。較舊版本有 SERVING、FAULT、COMPLETED 及 FINISHED，亦以 COMPLETED 結束。接受 FAULT 屬推斷。',
  'E-03': 'AlipayHK 的訂單頁面要求其中之一。兩者同時接受屬推斷。',
  'E-04': 'AlipayHK 的訂單頁面載明該欄位最多 128 個字元，沒有格式。',
  'E-05': 'AlipayHK 的禮券頁面把它列為回應中必填的陣列，所讀部分沒有子欄位；基本頁沒有它。',
  'E-06': 'AlipayHK 的賬戶綁定頁面標為必填，其後又說 bindingTargetType 為 USER_ID 時可省略。',
  'E-07': 'AlipayHK 的賬戶綁定頁面給出一個固定值。',
  'E-08': 'AlipayHK 的賬戶綁定頁面只列出 SUCCESS 一個代碼。',
  'E-09': 'AlipayHK 的賬戶綁定頁面只列出 SUCCESS；其餘四頁有 PARAM_ILLEGAL F。',
  'E-10':
    'AlipayHK 有關卡錯誤的頁面有 PASS_HAS_NOT_EXIST，沒有狀態。但五個操作均不建立會員卡，因此每張卡都會是未知的。',
  'E-11':
    'AlipayHK 有關卡錯誤的頁面：只有生效中的卡可以更新，否則為 PASS_UPDATE_FAIL。狀態 F 屬推斷。',
  'E-24':
    'AlipayHK 的會員卡頁面把 endDate、templateCode、codeInfo 及 dataInfo 標為可省略，稱 dataInfo 為需要更新的資料，codeInfo 為代碼需要更新時傳送的物件。其餘維持不變由此措辭得出；沒有頁面說明。',
  'E-12':
    'AlipayHK 的現行頁面說必填；較舊的說 status 為 UPDATE 時必填。就 CLOSED 兩者不一；某整合商的客戶端關閉時沒有它（field）。',
  'E-13':
    'AlipayHK 的會員卡頁面列出 dataInfo 中的 billNo、lastChangePoints 及 pointsProvider，各可為 null，並容許 codeInfo 為 null；同系的文件在 codeInfo 有 $codemsg$ 及 $codevalue$。dataInfo 的兩種形式見於整合商。鄰近的賬單 API 以 merchantAccountId、subMerchantId 及 segmentId 指明商戶。子欄位的列表本身無法讀取。',
  'E-14':
    'AlipayHK 的「Sync Additional info」頁面標為必填，「Synchronize Latest PaymentInfo」則沒有。',
  'E-15':
    'AlipayHK 的頁面提到一個不公開的試算表。所見的值只有 TELECOM 及 MOBILE_SERVICE，在一個容許 16 個字元的鄰近頁面。',
  'E-16':
    'AlipayHK 的頁面印出「Maximum length」或「Value range」及一個數字，除字元外沒有單位。亦可能是位元組。',
  'E-17': 'AlipayHK 的頁面要求毫秒；訂單頁面沒有印出單位，因此屬推斷。界限及對秒數值的處理屬推斷。',
  'E-18':
    'AlipayHK 的頁面要求以分計及三個字母的 ISO 4217 代碼；AlipayHK 的其他呼叫以文字寫分，或以數字寫元。整數、非負及大寫屬推斷。',
  'E-19':
    'AlipayHK 的頁面印出 64（附加資料、付款資料）、128（賬戶綁定）及 32（訂單）。訂單頁面稱它為 UUID，帶連字號的形式有 36 個字元。',
  'E-20':
    'AlipayHK 的場景頁面要求：extInfo（禮券、充電、戲院、乘車、火車），shopInfo 及 extInfo（輪候），amount、itemOrderList、shopInfo 及 extInfo（自取）。門票及帶碼優惠券的頁面，在所讀部分沒有標示。同系產品要求金額物件有 value 及 currency。',
  'E-21': 'AlipayHK 的會員卡頁面要求其中之一。兩者同時接受屬推斷。',
  'E-22': 'AlipayHK 的賬戶綁定頁面說該欄位為綁定到期的時間，沒有其他說明。',
  'E-23':
    'AlipayHK 的會員卡頁面說該欄位為會員卡的到期日。同系卡的錯誤頁面說只有生效中的卡可以更新，沒有說明已到期的卡是否生效中，而更新可更改該日期。',
  'E-25':
    'AlipayHK 的付款資料頁面稱 actionUrl 為深層連結；其文件的樣本以 alipayhk:// 開頭，一處文字為 allpayhk://，視作有誤。附加資料頁面的 extInfo 為字串中的 JSON。',
  'OB-01': 'AlipayHK 建立會員的頁面印出路徑及部分請求欄位；頁面其餘部分無法讀取。',
  'OB-02':
    'AlipayHK 賬單通知的頁面印出路徑、欄位及重試。value 為 JSON 數字以及 payTime 的形式屬推斷。',
  'OB-03': 'AlipayHK 的頁面印出路徑、請求及回應。沒有印出賬單的欄位。',
  'OB-04': 'AlipayHK 的頁面印出路徑、請求及回應。沒有印出賬戶的欄位。',
  'OB-05': 'AlipayHK 的頁面印出路徑及請求。沒有印出 accountInfo 的欄位。',
  'OB-06': 'AlipayHK 的頁面印出路徑、請求及 acquiringSite。沒有印出 orderInfo 的欄位。',
  'OB-07': 'AlipayHK 的頁面印出路徑及請求。沒有印出 accountPaymentInfos 各項的欄位。',
  'OB-08': 'AlipayHK 的頁面印出路徑、function 及必填欄位，用較舊的信封。重試屬推斷（OB-16）。',
  'OB-09': 'AlipayHK 的頁面載明 function 及請求欄位。路徑及回應無法讀取。',
  'OB-10': 'AlipayHK 的頁面載明 function 及請求欄位。路徑及 bills 的欄位未知。',
  'OB-11': 'AlipayHK 的頁面印出欄位。地址由雙方議定；信封屬推斷。',
  'OB-12': 'AlipayHK 的頁面印出欄位，沒有提到重試；信封屬推斷。',
  'OB-13':
    'AlipayHK 的頁面載明 function、欄位、較舊的信封及 8 次發送。head 的欄位及正文中的簽名屬推斷（OB-17）。',
  'OB-14':
    'AlipayHK 的頁面載明 function 及 cancelTime；其餘被截斷。merchantAgreementId 載於另一頁面。',
  'OB-15':
    '姊妹產品載明 /v1/payments/notifyPayment 及 /v2/payments/notifyPayment。AlipayHK 會否發送未知。',
  'OB-16':
    'AlipayHK 賬單通知及付款通知的頁面：首次之後 2 分鐘、10 分鐘、10 分鐘、1 小時、2 小時、6 小時及 15 小時，直至結果為 SUCCESS。其他通知屬推斷。某姊妹產品在 S 及 F 時結束，在 U 及任何其他情況再次發送；其沙盒不作重試。',
  'OB-17':
    'AlipayHK 的頁面就一個呼叫印出 {request: {head, body}, signature}，並在回應的 head 印出 respTime。同系較舊的 API 以 SHA256withRSA 對 request 的文字簽名，以 base64 寫出。',
  'OB-18': 'AlipayHK：其前端之後的呼叫為 3 秒。某姊妹產品：通知為 5 秒。',
  'OB-19': 'AlipayHK 的頁面：回應載有 client-id、signature、content-type 及 response-time。',
};
