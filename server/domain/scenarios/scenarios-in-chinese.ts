/** The texts of a scenario of the package in Traditional Chinese. */
export interface ScenarioTexts {
  readonly description: string;
  /** What a correct integration does. */
  readonly integration: string;
}

const every = (calls: string) => ({
  succeeds: {
    description: `${calls}的每次呼叫都會成功，即使按模擬器本身的規則會被拒絕。`,
    integration: '視訊息為已完成，不再發送。',
  },
  isIllegal: {
    description: `${calls}的每次呼叫都會被拒為不合法，不論內容。此為最終結果：更正請求，不要原樣重試。`,
    integration: '不原樣重試：更正請求，或通知負責人。',
  },
  isUnknown: {
    description: `${calls}的每次呼叫結果均為未知（U）。以相同的 requestId 重試；不可視為失敗。`,
    integration: '以狀態 U 判斷：以遞增的間隔，再次發送相同 requestId 及相同主體。',
  },
  failsUnknown: {
    description: `${calls}的每次呼叫均因不明原因失敗。其他操作用 U，這裏的頁面則標為 F：請看 resultStatus，而非代碼的名稱。`,
  },
});

const additionalInfo = every('附加資料');
const linkage = every('賬戶綁定');
const card = every('會員卡');
const order = every('訂單');
const payment = every('付款資料');

/** What a client does that cannot trust a response. */
const asUnknown = '視結果為未知，並再次發送相同的請求。';
const sameAgain = '視結果為未知，並再次發送相同 requestId 及相同主體';
const firstThree = '每張訂單的首三個回應（U、F、S）';
const committed = '每張訂單的首次呼叫已提交';

export const scenariosInChinese: Readonly<Record<string, ScenarioTexts>> = {
  'account-linkage-success': linkage.succeeds,
  'additional-info-param-illegal': additionalInfo.isIllegal,
  'additional-info-success': additionalInfo.succeeds,
  'additional-info-unknown-exception': additionalInfo.isUnknown,
  'enc-unsealed': {
    description:
      '一張訂單的加密請求得到三個沒有加密的回應（U、F、S），簽名正確。正確的客戶端會察覺資料沒有加密並報告，不會嘗試解密明文 JSON。',
    integration: '察覺應保密的資料以未加密方式送達並報告；不嘗試解密明文 JSON。',
  },
  'enc-wrong-seal-key': {
    description:
      '一張訂單的加密請求得到三個回應（U、F、S），以另一接收者的密鑰加密，簽名正確。正確的客戶端在無法解密主體時視結果為未知，並再次發送相同的請求。',
    integration: '主體無法解密時視結果為未知，即使簽名通過驗證。',
  },
  'flow-bill': {
    description:
      '一張賬單的生命週期：登記賬戶，並報告其付款。首個付款訊息最終失敗；第二個以新的 requestId 成功。正確的客戶端不會原樣重複失敗的請求。',
    integration: '不原樣重複失敗的請求；新訊息使用新的 requestId。',
  },
  'flow-card-expired': {
    description:
      '沒有腳本：endDate 已過的會員卡仍可更新（附有提示），亦可關閉。設定 membership.expiredPass: PASS_UPDATE_FAIL 後，這類更新會被拒絕；關閉會員卡或延後 endDate 仍會接受。',
    integration: '先關閉已到期的會員卡或延後其 endDate，然後才發送其他內容。',
  },
  'flow-card-merge': {
    description:
      '更新會員卡只會更改所含的欄位：endDate、碼及其他佔位符維持不變，null 會清除 billNo。規則會檢視所儲存的會員卡。設定 membership.update: replace 後，每次更新都會取代整張會員卡，首條規則便不會匹配。',
    integration: '只發送有更改的部分，billNo 失效時發送 null。依賴任何一種做法前先問 AlipayHK。',
  },
  'flow-card': {
    description:
      '一張會員卡的生命週期：更新兩次，然後永久關閉。沒有 requestId，因此重試關閉會被拒絕。若自己的 CLOSED 遺失了回應，正確的客戶端會把 PASS_UPDATE_FAIL 視為該次呼叫的結果。',
    integration: '自己的 CLOSED 遺失回應後，把 PASS_UPDATE_FAIL 視為該次呼叫的結果。',
  },
  'flow-charging': {
    description:
      '一次電動車充電：在 SERVING 期間，服務回應一次 U，重試便成功。只有讀取 resultStatus（而非 HTTP 狀態）的客戶端才會察覺。',
    integration: '以 resultStatus U 判斷，等候，然後再次發送相同的請求。',
  },
  'flow-queue-ticket': {
    description:
      '一張籌號的生命週期，當中有一次失敗：呼叫顧客號碼的結果一次未知，重試便成功。正確的客戶端以相同的 requestId 重試，且不會在顧客到達後才發送遲來的 CALL_NUM。',
    integration: '遇 U 以相同的 requestId 重試，絕不在較後的狀態之後發送較早的狀態。',
  },
  'flow-ride': {
    description:
      '一趟司機取消了的車程：TO_SEND 返回 ORDER_TAKEN。車程完成後，回應在提交後遺失。正確的客戶端會重試並得知車程已完成，而不會收費兩次。',
    integration: '回應遺失後重試，並得知車程已完成。',
  },
  'flow-second-unbind': {
    description:
      '沒有腳本：用戶綁定、解除綁定，再由第二個訊息解除一次。第二個 UNBIND 成功但不改變任何東西。設定 linkage.unknownUnbind: PARAM_ILLEGAL 後會被拒絕；解除從未存在或已到期的綁定亦然。',
    integration: '收到任何一種回應後都視用戶為已解除綁定；UNBIND 遺失時以相同的 requestId 重複。',
  },
  'idem-changed-repeat': {
    description:
      '沒有腳本：requestId 再次用於另一個主體會被拒絕。正確的客戶端為每個新訊息建立新的 requestId。idempotency.mismatch: REPEAT_REQ_INCONSISTENT 或 replay 會改變回應。',
    integration: '為每個新訊息建立新的 requestId。',
  },
  'idem-repeat-req-inconsistent': {
    description:
      'requestId 再次用於另一個主體會得到 REPEAT_REQ_INCONSISTENT，與 AlipayHK 的姊妹產品相同。這裏由一條規則對某筆付款的第二次呼叫如此回應；設定 idempotency.mismatch: REPEAT_REQ_INCONSISTENT 則對每次這樣的呼叫生效。',
    integration: '不重試：錯在自己。為每個新訊息建立新的 requestId。',
  },
  'idem-repeat': {
    description:
      '沒有腳本：相同的請求再次得到首次的回應，不會做兩次。正確的客戶端可以重複任何結果未知的請求。',
    integration: '可以原樣重複任何結果未知的請求，位元組相同。',
  },
  'idem-status-now': {
    description:
      '沒有腳本：訂單改變後再次發送的訊息，會得到首次的結果，但狀態是現時的。正確的客戶端不會把 orderStatus 當作自己所發內容的回音。',
    integration: '把 orderStatus 讀作 AlipayHK 現有的狀態，而非回音。',
  },
  'membership-card-param-illegal': card.isIllegal,
  'membership-card-pass-has-not-exist': {
    description: '每次會員卡更新都因會員卡不存在而被拒絕（會員卡錯誤頁面的代碼）。',
    integration: '不重試；查找自己收到的 passId。',
  },
  'membership-card-pass-update-fail': {
    description: '每次會員卡更新都因會員卡並非生效中而被拒絕（會員卡錯誤頁面的代碼）。',
    integration: '不重試；視會員卡為已關閉。',
  },
  'membership-card-result-name': {
    description:
      '沒有腳本：會員卡的回應以 resultInfo 為結果的名稱，其他操作用 result。設定 membership.resultName: result 或 both 後，則用另一名稱，或兩個名稱並載有相同內容。',
    integration: '在會員卡的回應中讀取 resultInfo；沒有 resultInfo 時讀取 result。',
  },
  'membership-card-success': card.succeeds,
  'membership-card-unknown-exception': {
    description: '會員卡的每次呼叫結果均為未知（U）。以相同的主體重試；不可視為失敗。',
    integration: '以狀態 U 判斷：以遞增的間隔再次發送相同的主體。',
  },
  'net-close': {
    description: `${committed}，然後不送出任何位元組便關閉連線。正確的客戶端${sameAgain}；然後便得到遺失的回應。`,
    integration: `${sameAgain}。若 HTTP 程式庫自行重試，位元組必須相同。`,
  },
  'net-cut-body': {
    description: `${committed}；回應的主體在 20 位元組後中斷。正確的客戶端會察覺 Content-Length 較大，不信任已收到的內容，並再次發送相同的請求。`,
    integration: '與 Content-Length 比較，不信任已收到的內容，並再次發送相同的請求。',
  },
  'net-delay': {
    description:
      '回應會延遲，一半少於 150 毫秒，少數長得多；由設定 seed 決定。正確的客戶端只在自己的逾時到了才放棄，然後再次發送相同的請求。',
    integration: '等候得比這更久，或放棄並以相同的 requestId 重試。',
  },
  'net-duplicate-headers': {
    description:
      '每張訂單首次呼叫的回應載有兩次 Client-Id、Response-Time 及 Signature。正確的客戶端不會從中選擇：視回應為未經驗證，並再次發送相同的請求。',
    integration: '不從中選擇：必須唯一的標頭若出現兩次，便不能驗證任何東西。',
  },
  'net-empty-200': {
    description: `${committed}；回應是空的 200，沒有平台的標頭。正確的客戶端不以 HTTP 狀態為結果：${asUnknown}`,
    integration: '不以 HTTP 狀態為結果：回應是空的，因此結果未知。',
  },
  'net-gateway-html': {
    description:
      '每張訂單在首次呼叫時已提交，但代理以 HTML 頁面回應：先是 502，然後 503，再是 504。正確的客戶端既不解析該頁，亦不視之為拒絕；稍後再次發送相同的請求。',
    integration: '既不解析該頁，亦不視之為拒絕：請求可能已處理。稍後再次發送相同的請求。',
  },
  'net-hang': {
    description: `${committed}，但從不回應。正確的客戶端有自己的逾時，${sameAgain}；然後便得到遺失的回應。`,
    integration: '有自己的逾時。然後視結果為未知而非失敗，並再次發送相同 requestId 及相同主體。',
  },
  'net-headers-only': {
    description: `${committed}；回應的狀態及標頭送達，主體卻從不送達。正確的客戶端為整個回應設期限，不把沒有主體的 200 視為成功，並再次發送相同的請求。`,
    integration: '為整個回應設期限，而不只是其開頭。200 加 Signature 標頭還不是成功。',
  },
  'net-huge-body': {
    description:
      '每張訂單首次呼叫的回應正確並已簽名，但長 8 MiB。正確的客戶端讀取不超過自己的上限，若不足夠便視結果為未知，並再次發送相同的請求。',
    integration: '讀取不超過自己的上限，若不足夠便視結果為未知。',
  },
  'net-length-too-long': {
    description: `${committed}；回應的 Content-Length 比主體多十個位元組。正確的客戶端視這樣的回應為不完整，即使其 JSON 看似完整，並再次發送相同的請求。`,
    integration: '視回應為不完整，即使其 JSON 看似完整，並再次發送相同的請求。',
  },
  'net-length-too-short': {
    description: `${committed}；回應的 Content-Length 比主體少十個位元組。正確的客戶端發現簽名未能通過驗證，並再次發送相同的請求。`,
    integration:
      '按 Content-Length 讀取位元組，發現簽名未能通過驗證，並以另一連線再次發送相同的請求。',
  },
  'net-not-json': {
    description: `${committed}；回應已簽名並含有 SUCCESS，但不是 JSON。正確的客戶端不在主體中搜尋字詞：${asUnknown}`,
    integration: '不在主體中搜尋字詞：沒有可讀結果的回應即結果未知。',
  },
  'net-partial-status': {
    description: `${committed}，然後連線在狀態行中途被關閉。正確的客戶端${sameAgain}；然後便得到遺失的回應。`,
    integration: `不論收到哪些數字，都${asUnknown}`,
  },
  'net-reset': {
    description: `${committed}，然後連線被重設而沒有回應。正確的客戶端${sameAgain}；然後便得到遺失的回應。`,
    integration: `${sameAgain}。新的 requestId 可能令同一事做兩次。`,
  },
  'net-slow-drip': {
    description:
      '每張訂單首次呼叫的回應以每秒 400 位元組送達。正確的客戶端為整個交換設期限，而不只是兩個位元組之間。等到最後的客戶端會得到有效的回應。',
    integration:
      '為整個交換設期限：兩個位元組之間的逾時永遠不會觸發。等到最後的客戶端會得到有效的回應。',
  },
  'net-wrong-charset': {
    description:
      '一張訂單的回應是已簽名的 UTF-8，但 Content-Type 稱為 GBK。下一個的位元組不是 UTF-8，Content-Type 卻說是。正確的客戶端先驗證原始位元組才解碼，不論標示為何都以 UTF-8 讀取 JSON；讀不到的即結果未知。',
    integration:
      '先驗證原始位元組才解碼，不論標示為何都以 UTF-8 解碼 JSON。不是 UTF-8 的位元組即結果未知。',
  },
  'ord-final-status': {
    description:
      '沒有腳本：已完成的訂單不再接受任何狀態。正確的客戶端不重試 ORDER_STATUS_INVALID；讀取回應中的狀態。',
    integration: '不重試；讀取回應中的狀態。',
  },
  'ord-out-of-order': {
    description:
      '沒有腳本：遲來的更新得到 SUCCESS，不改變任何東西，回應載有所儲存的狀態。正確的客戶端會比較回應的 orderStatus 與自己所發的。',
    integration: '比較回應的 orderStatus 與自己所發的。',
  },
  'ord-sub-merchants': {
    description:
      '沒有腳本：同一服務商的兩個子商戶使用相同的 merchantBizNo。merchantAccountId 區分其訂單，因此一張結束並不代表另一張結束。設定 order.identity: merchantBizNo 後兩者為同一張訂單。',
    integration: '關於訂單的訊息，一律發送 merchantAccountId，或一律不發送。',
  },
  'order-done-but-answer-lost': {
    description: `每張訂單的首次呼叫已生效，但回應遺失：提交後連線被重設。正確的客戶端${sameAgain}。那是重複：會得到遺失的回應，不會做兩次。`,
    integration: `${sameAgain}。`,
  },
  'order-done-but-answered-unknown': {
    description:
      '每張訂單的首次呼叫已生效，但回應為 U。以相同 requestId 重試即為重複：會得到原本的回應，不會做兩次。',
    integration: '以相同的 requestId 重試：新的可能令同一事做兩次。',
  },
  'order-fails-twice-then-succeeds': {
    description:
      '每張訂單的首兩次呼叫結果為 UNKNOWN_EXCEPTION 及 U，第三次照常處理。正確的客戶端以相同的 requestId 重試，訂單只存在一次。',
    integration: '再次發送相同 requestId 及相同主體，直至得到 S 或 F；間隔遞增並設上限。',
  },
  'order-order-status-invalid': {
    description: '每次訂單呼叫都因訂單狀態不容許該更改而被拒絕。',
    integration: '不重試；把自己的訂單與回應的 orderStatus 比較。',
  },
  'order-param-illegal': order.isIllegal,
  'order-stuck-in-status': {
    description:
      'merchantBizNo 以 STUCK 開頭的訂單在首個訊息後永不改變：其後每次更新都得到 SUCCESS，狀態仍是最初的。只信代碼的客戶端以為訂單已改變；回應的 orderStatus 則不然。',
    integration: '讀取回應的 orderStatus，而不只信任 SUCCESS。',
  },
  'order-success': order.succeeds,
  'order-un-support-business': {
    description:
      '每次訂單呼叫都因服務不可用而被拒絕，如同尚未開通的商戶。此為最終結果：請聯絡 AlipayHK 支援。',
    integration: '不重試；通知負責人，由其申請開通或聯絡支援。',
  },
  'order-unknown-exception': {
    ...order.failsUnknown,
    integration: '以狀態 F 判斷。頁面同時要求重試，因此以相同 requestId 重試並無害處。',
  },
  'payment-info-param-illegal': payment.isIllegal,
  'payment-info-process-fail': {
    description: '付款資料的每次呼叫均因業務原因失敗。此為最終結果：不要重試。',
    integration: '不重試；通知負責人。',
  },
  'payment-info-success': payment.succeeds,
  'payment-info-unknown-exception': {
    ...payment.failsUnknown,
    integration: '以狀態 F 判斷，而非代碼的名稱：不原樣重試。',
  },
  'sig-foreign-client-id': {
    description: `${firstThree}簽名正確，但屬於另一個客戶端，其 Client-Id 最後一個字元不同。正確的客戶端把自己的 Client-Id 放入要驗證的文字：${asUnknown}`,
    integration: '把自己的 Client-Id 放入要驗證的文字，而非回應中的。',
  },
  'sig-future-time': {
    description: `${firstThree}簽名正確，但日期為明天。正確的客戶端只容許時鐘相差數分鐘：${asUnknown}`,
    integration: '只容許時鐘相差數分鐘。',
  },
  'sig-raw-signature': {
    description: `${firstThree}的簽名是未經 URL 編碼的 base64。正確的客戶端不會因此崩潰；除非簽名通過驗證，否則${asUnknown}`,
    integration: '不會因此崩潰；只在刻意容許時才接受。沒有通過驗證的簽名，結果即為未知。',
  },
  'sig-retired-key': {
    description: `${firstThree}以平台已退役的密鑰版本簽名。正確的客戶端已移除該版本：${asUnknown}`,
    integration: '密鑰退役時便移除：昨天的密鑰所簽的名今天不能證明甚麼。',
  },
  'sig-signature-without-time': {
    description: `${firstThree}有 Signature，但沒有其涵蓋的 Response-Time。正確的客戶端無法驗證：${asUnknown}`,
    integration: `無法驗證，因此絕不當作成功行事；${asUnknown}`,
  },
  'sig-stale-time': {
    description: `${firstThree}簽名正確，但已是一天前的。正確的客戶端會比較 Response-Time 與其請求的時間，不信任早於請求的回應：${asUnknown}`,
    integration: '把 Response-Time 與自己的時鐘及請求的時間比較，不信任早於請求的回應。',
  },
  'sig-tampered-body': {
    description: `每張訂單首三個回應的結果在簽名後被更改：U 及 F 變成 S，S 變成 F。正確的客戶端先驗證原始位元組才解析：${asUnknown}`,
    integration: '先驗證原始位元組才解析；未能通過驗證的既非成功亦非失敗。',
  },
  'sig-tampered-signature': {
    description: `${firstThree}的簽名有一個位元出錯。正確的客戶端驗證簽名本身，而不只是其存在：${asUnknown}`,
    integration: '驗證簽名本身，而不只是其存在。',
  },
  'sig-time-without-signature': {
    description: `${firstThree}有 Response-Time 但沒有 Signature。正確的客戶端視為沒有簽名：結果未知，並再次發送相同的請求。`,
    integration: `無法驗證，因此絕不當作成功行事；${asUnknown}`,
  },
  'sig-unknown-version': {
    description: `${firstThree}的 keyVersion 從未公布。正確的客戶端不會改用另一把密鑰：報告欠缺的密鑰，${asUnknown}`,
    integration: '不會改用手上的密鑰：報告欠缺密鑰，並視結果為未知。',
  },
  'sig-unsigned-refusal': {
    description:
      '訂單被拒絕的方式與網關驗證簽名之前的拒絕相同：F，沒有 Signature 及 Response-Time。若客戶端在讀取結果前因欠缺標頭而拋出錯誤，便永遠不知道代碼。正確的客戶端會讀取，但不信任。',
    integration: '讀取未簽名拒絕的代碼及訊息作日誌之用，並視結果為未知。',
  },
  'sig-unsigned': {
    description: `${firstThree}既沒有 Signature 亦沒有 Response-Time。正確的客戶端絕不按未簽名的 S 行事，亦不讓未簽名的 F 或 U 改變任何東西：${asUnknown}`,
    integration: '一律拒絕未簽名的 S。未簽名的 F 或 U 可能是簽名檢查之前的拒絕，亦不改變任何東西。',
  },
  'sig-wrong-key': {
    description: `${firstThree}以並非平台的密鑰簽名。正確的客戶端以平台所述版本的密鑰驗證：${asUnknown}`,
    integration: '以平台該版本的密鑰驗證，失敗時視結果為未知。',
  },
  'slow-answer': {
    description:
      '訂單及付款的每次呼叫都在兩秒後才回應，結果照常。可看出客戶端的逾時是否夠長，以及不夠時會怎樣做。',
    integration: '等候得比這更久，或放棄並以相同的 requestId 重試。',
  },
  'traffic-limit': {
    description:
      '每個操作每三次呼叫便有一次得到 REQUEST_TRAFFIC_EXCEED_LIMIT 及 U：等候，然後再次發送相同的請求。',
    integration: '等候，然後再次發送相同的請求。',
  },
};
