/** Texts of the contract in Chinese: meanings of codes and statuses, descriptions of fields. */
export const contractInChinese: Readonly<Record<string, string>> = {
  'An amount of money.': '金額。',
  "The merchant of the account. The page names no children; these are what AlipayHK's neighbouring bill APIs use.":
    '賬戶所屬的商戶。頁面沒有列出子欄位；以下是 AlipayHK 相近的賬單 API 所用的。',
  'No operation has this path. Compare it with the path of the contract, prefix and letter case included.':
    '沒有操作使用此路徑。請與合約的路徑比較，包括前綴與大小寫。',
  'The path is right, the method is not POST.': '路徑正確，但方法不是 POST。',
  'Content-Type is neither application/json nor text/plain, or its charset is not UTF-8 (G-20). The code is documented, with a wording about the Accept header; its use for Content-Type is inferred.':
    'Content-Type 既非 application/json 亦非 text/plain，或其字元集不是 UTF-8（G-20）。此碼有文件載明，但原文是關於 Accept 標頭；用於 Content-Type 屬推斷。',
  'A header is missing or malformed, the body could not be opened or is not JSON, or a field breaks the contract. For a body that cannot be opened the code is inferred.':
    '缺少標頭或格式有誤、正文未能解密或不是 JSON，或有欄位不符合合約。正文未能解密時使用此碼屬推斷。',
  'Only with requestTime.code set to it. Request-Time is in no accepted form, or further from now than requestTime.window.':
    '只在 requestTime.code 設為此碼時使用。Request-Time 的格式不獲接受，或與現在相差超過 requestTime.window。',
  'The Client-Id is unknown or disabled.': 'Client-Id 不存在或已停用。',
  'No public key is registered for this client, or not in the key version the header names. The code is documented; which cause belongs to it is inferred.':
    '此客戶端沒有登記公鑰，或沒有標頭所寫的密鑰版本。此碼有文件載明；屬於哪一種原因則是推斷。',
  'The signature does not verify over the bytes received with the registered key.':
    '以登記的密鑰驗證收到的位元組，簽名未能通過。',
  'The client is authenticated but may not call this operation, or its Agent-Token is not the configured one (G-19).':
    '客戶端已通過驗證，但不可呼叫此操作，或其 Agent-Token 與設定的不同（G-19）。',
  'Too many requests. Wait, then send the identical request again. Other Ant platforms print F for this code.':
    '請求過多。請稍候，然後原樣再發送。其他 Ant 平台對此碼給出 F。',
  'A failure that a retry does not fix.': '重試亦不能解決的失敗。',
  'Something unforeseen; the outcome is not known. Once an operation has been reached, its own status letter for this code applies instead (G-18).':
    '發生意料之外的情況，結果未知。一旦到達某個操作，便以該操作本身對此碼的狀態為準（G-18）。',
  'The account is stored. A stale update gets the same response and changes nothing (O-01).':
    '賬戶已保存。過時的更新會得到相同的回應，但不會改變任何內容（O-01）。',
  'A field is missing, malformed or out of range.': '有欄位缺少、格式有誤或超出範圍。',
  'The outcome is not known. Send the identical request again.': '結果未知。請原樣再發送。',
  'The requestId was used before with another body. Sent instead of PARAM_ILLEGAL only when so configured.':
    '此 requestId 曾用於另一個正文。只在設定如此時才代替 PARAM_ILLEGAL。',
  'The binding is stored or removed. A stale update gets the same response and changes nothing (O-01).':
    '綁定已保存或移除。過時的更新會得到相同的回應，但不會改變任何內容（O-01）。',
  'A field is missing, malformed or out of range. The page lists SUCCESS only.':
    '有欄位缺少、格式有誤或超出範圍。頁面只列出 SUCCESS。',
  'The outcome is not known. Send the identical request again. The page lists SUCCESS only.':
    '結果未知。請原樣再發送。頁面只列出 SUCCESS。',
  'The payment is stored. A stale update gets the same response and changes nothing (O-01).':
    '付款已保存。過時的更新會得到相同的回應，但不會改變任何內容（O-01）。',
  'A business failure that a retry does not fix.': '重試亦不能解決的業務失敗。',
  'An unexpected failure. This page marks it F, where Sync Additional info marks the same code U.':
    '意外的失敗。此頁面標為 F，而 Sync Additional info 對同一碼標為 U。',
  'The order is stored. A stale update gets the same response with the stored status and changes nothing (O-01).':
    '訂單已保存。過時的更新會得到附有現存狀態的相同回應，但不會改變任何內容（O-01）。',
  'A field is missing, malformed or too long, or a constant of the order has changed (O-04).':
    '有欄位缺少、格式有誤或過長，或訂單的常數已被更改（O-04）。',
  'The status is not one of this merchantBizType, or the order cannot go there from the status it has (E-01).':
    '狀態不屬於此 merchantBizType，或訂單不能由現有狀態轉往該狀態（E-01）。',
  'An unexpected failure. This page marks it F and yet asks for a retry; pages of single business scenarios mark it U.':
    '意外的失敗。此頁面標為 F 卻又要求重試；個別業務場景的頁面則標為 U。',
  "The service is not open to this merchant, for instance before onboarding. Ask AlipayHK's support.":
    '服務尚未對此商戶開放，例如仍未完成接入。請聯絡 AlipayHK 支援。',
  'The card is updated or closed.': '會員卡已更新或關閉。',
  'The outcome is not known. There is no request id here; send the identical body again.':
    '結果未知。此處沒有請求編號；請原樣再發送正文。',
  'Only an active card can be updated; this one is closed.':
    '只有生效中的會員卡可以更新；這一張已關閉。',
  'The passId is not known. By default an unknown card is accepted instead.':
    'passId 不存在。預設會接受未知的會員卡。',
  'The user is not known. Spelled as AlipayHK prints it.':
    '用戶不存在。拼寫與 AlipayHK 的文件相同。',
  'A card with the same key already exists. Spelled as AlipayHK prints it.':
    '已有相同鍵值的會員卡。拼寫與 AlipayHK 的文件相同。',
  'The templateCode is not known. Spelled as AlipayHK prints it.':
    'templateCode 不存在。拼寫與 AlipayHK 的文件相同。',
  'The card is of another type than the call is for.': '會員卡的類型與此次呼叫所指的不同。',
  'The card belongs to another product than the call is for.':
    '會員卡所屬的產品與此次呼叫所指的不同。',
  'No card was found or given.': '找不到會員卡，或沒有提供。',
  'The card is already redeemed.': '會員卡已兌換。',
  "An internal fault; AlipayHK's page allows a retry so that both sides end with the same card status.":
    '內部故障；AlipayHK 的頁面容許重試，使雙方的會員卡狀態最終一致。',
  'Tickets are issued.': '已出票。',
  'Tickets are used.': '票已使用。',
  'Tickets are refunded.': '票已退款。',
  'The voucher is issued.': '已發放禮券。',
  'The coupon is issued.': '已發放優惠券。',
  'The coupon is used.': '優惠券已使用。',
  'The coupon is refunded.': '優惠券已退款。',
  'Charging, end time known.': '充電中，結束時間已知。',
  'Charging, end time not known.': '充電中，結束時間未知。',
  'Charging, neither end time nor progress known.': '充電中，結束時間與進度均未知。',
  'Charging is paused.': '充電已暫停。',
  'Charging is paused (older page). Accepted with a finding; behaves like PAUSED.':
    '充電已暫停（舊頁面）。予以接受並附發現；與 PAUSED 相同。',
  'Charging is done.': '充電完成。',
  'Charging is done, a parking fee is due.': '充電完成，須繳泊車費。',
  'The order is finished.': '訂單已完成。',
  'Numbers are being called; sent again at every call.': '正在叫號；每次叫號都會再發送。',
  "The user's number is up.": '輪到用戶的號碼。',
  "The user's number has been passed.": '已過用戶的號碼。',
  'The user has been served.': '用戶已獲服務。',
  'The user has left the queue.': '用戶已離開隊列。',
  'A driver is being looked for.': '正在尋找司機。',
  'Booked in advance.': '已預約。',
  'A driver has taken the order.': '司機已接單。',
  'The driver waits for the passenger.': '司機正在等候乘客。',
  'On the way.': '行程中。',
  'The ride is over, payment is due.': '行程結束，等候付款。',
  'Cancelled, a fee is due (older page). Accepted with a finding.':
    '已取消，須繳費用（舊頁面）。予以接受並附發現。',
  'Another driver is being looked for.': '正在尋找另一位司機。',
  'Done, or cancelled by the user.': '已完成，或由用戶取消。',
  'Cancelled by the driver; AlipayHK hides the order after five minutes.':
    '由司機取消；AlipayHK 在五分鐘後隱藏訂單。',
  'The shop has not yet taken the order.': '商店尚未接單。',
  'The shop has taken the order.': '商店已接單。',
  'Ready to be picked up.': '可以取貨。',
  'Picked up.': '已取貨。',
  'Cancelled.': '已取消。',
  'Refunded; AlipayHK hides the order after ten minutes.': '已退款；AlipayHK 在十分鐘後隱藏訂單。',
  'Machine-readable outcome. Decide by resultStatus first; new codes may appear.':
    '機器可讀的結果。請先看 resultStatus；可能會有新的結果碼。',
  'S succeeded. F failed, final. U unknown, retry the identical request.':
    'S 成功。F 最終失敗。U 未知，請原樣重試。',
  'Text for people: the row of the result table, then the detail in square brackets. Do not parse it. The simulator always sends one.':
    '供人閱讀的文字：結果碼表的一行，其後是方括號內的細節。請勿解析。模擬器必定發送。',
  "Merchant's account id, given by AlipayHK.": '商戶的賬戶編號，由 AlipayHK 給予。',
  'Brand below the merchant.': '商戶之下的品牌。',
  "Part of the merchant's business.": '商戶業務的一部分。',
  'Older name of merchantAccountId.': 'merchantAccountId 的舊名稱。',
  'Whole cents, as text.': '以分為單位的整數，以文字表示。',
  'ISO 4217 code.': 'ISO 4217 代碼。',
  'The AlipayHK user.': 'AlipayHK 用戶。',
  'Unique id of this request (a UUID); the key of idempotency.':
    '此請求的唯一編號（UUID）；用於識別重複請求。',
  'When the state below was true. Orders the updates of an account.':
    '以下狀態成立的時間。用於排列同一賬戶的更新。',
  "The user's account with the merchant.": '用戶在商戶的賬戶。',
  "Kind of account, from AlipayHK's list Account_type.xlsx.":
    '賬戶種類，取自 AlipayHK 的 Account_type.xlsx。',
  'Kind within type, from the same list. Required here, optional in SyncPaymentInfoRequest.':
    'type 之下的種類，取自同一份清單。此處必填，在 SyncPaymentInfoRequest 則可省略。',
  'Whether the account is in use.': '賬戶是否使用中。',
  'Automatic debit is active (AUTO_DEBIT) or not (UN_AUTO_DEBIT).':
    '自動扣款已啟用（AUTO_DEBIT）或未啟用（UN_AUTO_DEBIT）。',
  'Display name of the account.': '賬戶的顯示名稱。',
  'Phone number of the account.': '賬戶的電話號碼。',
  'More about the account (data, plan, contract), as JSON in a string. Anything else gets a finding (E-25).':
    '賬戶的其他資料（數據、計劃、合約），為字串形式的 JSON。其他內容會附發現（E-25）。',
  'Idempotent id of this request; guards against processing it twice.':
    '此請求的編號，用於防止重複處理。',
  'When the business event began. Orders the updates of a binding, so that a late message does no harm.':
    '業務事件開始的時間。用於排列同一綁定的更新，使遲到的訊息無礙。',
  'Always BINDING_SYNC.': '必定為 BINDING_SYNC。',
  "The merchant's own id of the binding, for tracing and reconciliation.":
    '商戶自己的綁定編號，供追蹤及對賬。',
  'BIND creates the binding, UNBIND removes it.': 'BIND 建立綁定，UNBIND 移除綁定。',
  'What kind of id the merchant uses for its user.': '商戶以何種編號識別其用戶。',
  "The merchant's id of its user.": '商戶的用戶編號。',
  "What the merchant's user is bound to - the AlipayHK account, a card or a mobile number.":
    '商戶的用戶所綁定的對象：AlipayHK 賬戶、卡或流動電話號碼。',
  'The card number for CARD, the phone number for PHONE. Optional for USER_ID.':
    'CARD 為卡號，PHONE 為電話號碼。USER_ID 可省略。',
  'When the binding expires.': '綁定何時到期。',
  "When the state below was true. Orders the updates of an account's latest payment.":
    '以下狀態成立的時間。用於排列賬戶最新付款的更新。',
  'Kind within type, from the same list. Optional here, required in SyncAdditionalInfoRequest.':
    'type 之下的種類，取自同一份清單。此處可省略，在 SyncAdditionalInfoRequest 則必填。',
  'Whether the bill is valid.': '賬單是否有效。',
  'Amount paid, in whole cents. A number here, a string in the money objects of orders.':
    '已付金額，以分為單位的整數。此處為數字，在訂單的金額物件中為字串。',
  'ISO 4217 code, three letters.': 'ISO 4217 代碼，三個字母。',
  'How the payment ended.': '付款的結果。',
  'When the payment was made.': '付款的時間。',
  'Deep link behind the pay-bill button (『缴费』 on the page). A scheme other than alipayhk gets a finding (E-25).':
    '繳費按鈕（頁面上的『繳費』）的深層連結。並非 alipayhk 的協定會附發現（E-25）。',
  'Unique id of this request; the key of idempotency. At most 32 characters - a UUID fits only without its hyphens.':
    '此請求的唯一編號，用於識別重複請求。最多 32 個字元；UUID 須移除連字號才合用。',
  "The merchant's order number. The same in every message about one order.":
    '商戶的訂單編號。同一訂單的每個訊息均相同。',
  'State of the order, one of the statuses that x-statuses of the matching Order_* schema lists.':
    '訂單狀態，須為相應 Order_* 結構中 x-statuses 所列的其中之一。',
  'The AlipayHK user. This or openId is required.': 'AlipayHK 用戶。此欄位或 openId 必須提供其一。',
  "The user's authorization id for this merchant. This or userId is required.":
    '用戶對此商戶的授權編號。此欄位或 userId 必須提供其一。',
  'The business scenario: PASS_TICKET admission tickets ALIPAY_COUPON voucher deducted automatically within AlipayHK GIFT_CARD_COUPON coupon with a code to scan or read out CHARGING_PILE charging of electric vehicles MOVIE_TICKET cinema tickets LINE_UP queueing RIDE_HAILING ride hailing SELF_PICK orders that the user picks up TRAIN_TICKET train tickets':
    '業務場景：PASS_TICKET 門票、ALIPAY_COUPON 在 AlipayHK 內自動扣除的禮券、GIFT_CARD_COUPON 以碼掃描或讀出的優惠券、CHARGING_PILE 電動車充電、MOVIE_TICKET 電影票、LINE_UP 排隊、RIDE_HAILING 叫車、SELF_PICK 自取訂單、TRAIN_TICKET 火車票',
  'When the first event of the order happened. The same in every message about one order.':
    '訂單首個事件發生的時間。同一訂單的每個訊息均相同。',
  'When this event happened. Orders the updates of one order; every update needs a newer one.':
    '此事件發生的時間。用於排列同一訂單的更新；每次更新都須較新。',
  'Second-level merchant id that AlipayHK gives after the contract is signed. For callers acting for another merchant (ISV).':
    'AlipayHK 在簽約後給予的二級商戶編號。供代表其他商戶的呼叫方（ISV）使用。',
  'Id of the mini program.': '小程序的編號。',
  'Number of the payment. Inferred from the other ticket pages.':
    '付款編號。參照其他票券頁面推斷。',
  'Content of the ticket card. Inferred from the other ticket pages; children are not known.':
    '票券卡的內容。參照其他票券頁面推斷；子欄位未知。',
  'Number of the payment.': '付款編號。',
  "Content of the ticket card. The older page describes: merchant's order id and link to the order; the code to show (value and message); template code from AlipayHK; start and end of display and of the event in milliseconds; address; number of uses left as text; per language the cinema, house, address, tags and seats. Most names of these children are not known, so none is enforced.":
    '票券卡的內容。舊頁面載有：商戶訂單編號及訂單連結；須出示的碼（值與訊息）；AlipayHK 的範本代碼；顯示及活動的開始與結束時間（毫秒）；地址；以文字表示的剩餘次數；各語言的戲院、影院、地址、標籤及座位。大部分子欄位名稱未知，因此均不強制。',
  'Start of the film; two hours before it the reminder appears.':
    '電影開始的時間；開場前兩小時會出現提示。',
  'Content of the ticket card. Children are not known.': '票券卡的內容。子欄位未知。',
  'Content of the voucher. Children are not known.': '禮券的內容。子欄位未知。',
  'Content of the coupon. Children are not known.': '優惠券的內容。子欄位未知。',
  'Content of the charging card. Most children are not known; those named below come from the older page.':
    '充電卡的內容。大部分子欄位未知；以下所列取自舊頁面。',
  'Cost of charging, an object with value and currency (older page). Not enforced.':
    '充電費用，為含 value 與 currency 的物件（舊頁面）。不強制。',
  'Surcharge (older page). Not enforced.': '附加費（舊頁面）。不強制。',
  'The shop.': '商店。',
  'Content of the queue card: the queue number, the tables ahead (0 after CALL_NUM, to be kept up to date) and the estimated wait in minutes. Names of the children are not known.':
    '排隊卡的內容：籌號、前面的枱數（CALL_NUM 之後為 0，須持續更新）及預計等候分鐘數。子欄位名稱未知。',
  'More about the shop, among it a link to it.': '商店的其他資料，包括其連結。',
  'Texts by language.': '各語言的文字。',
  'Display name and address of the shop in Traditional Chinese. Names of the children are not known.':
    '商店的繁體中文名稱及地址。子欄位名稱未知。',
  'Display name and address of the shop in English. Names of the children are not known.':
    '商店的英文名稱及地址。子欄位名稱未知。',
  "Content of the ride card. The children below are those of AlipayHK's performance notification API; none is enforced. The page shows as remaining minutes: driver_board_duration - (now - service_start_time) / 60000.":
    '叫車卡的內容。以下子欄位取自 AlipayHK 的履約通知 API；均不強制。頁面以此顯示剩餘分鐘數：driver_board_duration - (now - service_start_time) / 60000。',
  'Links, an array.': '連結，為陣列。',
  'Colour of the car.': '車輛顏色。',
  'Model of the car.': '車輛型號。',
  'Minutes until the driver arrives, as text.': '司機到達前的分鐘數，以文字表示。',
  'Estimated cost in cents, an array.': '預計費用（分），為陣列。',
  'Price of the ride.': '車費。',
  'Milliseconds; start of the countdown.': '毫秒；倒數的開始。',
  'Duration to the destination.': '到達目的地所需的時間。',
  'The items ordered. Children are not known.': '所訂的項目。子欄位未知。',
  'The shop. Children are not known.': '商店。子欄位未知。',
  'Content of the order card. Children are not known.': '訂單卡的內容。子欄位未知。',
  "AlipayHK's id of the order.": 'AlipayHK 的訂單編號。',
  'The status that AlipayHK has now.': 'AlipayHK 現有的狀態。',
  'Outcome per voucher. Printed on the page of the auto-deducted voucher only; children are not known.':
    '每張禮券的結果。只見於自動扣除禮券的頁面；子欄位未知。',
  'The merchant.': '商戶。',
  'The Alipay user. This or openId is required.': 'Alipay 用戶。此欄位或 openId 必須提供其一。',
  "The merchant's card template, as named by AlipayHK.":
    '商戶的會員卡範本，以 AlipayHK 的名稱為準。',
  "The user's card.": '用戶的會員卡。',
  'CLOSED ends the card, UPDATE changes its content.': 'CLOSED 結束會員卡，UPDATE 更改其內容。',
  'UPDATE_MEMBER_CARD changes points and level together. Required when status is UPDATE.':
    'UPDATE_MEMBER_CARD 同時更改積分及等級。status 為 UPDATE 時必填。',
  'When the card expires.': '會員卡何時到期。',
  "Data to be updated. The page names three children. The others are placeholders of the card's template, in one of two shapes: by locale: en_US, zh_HK and so on, each an object of placeholders ($points$) flat: placeholders with the locale in the name ($name_zh_HK$); text, a number, null, or money as {cent, currency} A top-level key that an update does not carry keeps its value (E-24).":
    '要更新的資料。頁面列出三個子欄位，其餘為會員卡範本的佔位符，有兩種寫法：按語言：en_US、zh_HK 等，各為佔位符（$points$）的物件；平列：名稱帶有語言的佔位符（$name_zh_HK$）；文字、數字、null，或 {cent, currency} 形式的金額。更新中沒有的頂層鍵保留原值（E-24）。',
  'New code of the card, if it changes; agree this with AlipayHK first. null clears it (G-27).':
    '會員卡的新碼，如有更改；請先與 AlipayHK 商定。null 即清除（G-27）。',
  "AlipayHK's number of the transaction. Null if it was not made with Alipay.":
    'AlipayHK 的交易編號。並非以 Alipay 進行則為 null。',
  'Points by which the balance has changed. Null if the transaction was not made with Alipay. Its type is not printed.':
    '餘額變動的積分。交易並非以 Alipay 進行則為 null。其類型沒有載明。',
  "Who gives the points; AlipayHK's transaction notification knows ALIPAYHK and ALIPAYCN. Null if the transaction was not made with Alipay.":
    '積分由誰給予；AlipayHK 的交易通知有 ALIPAYHK 及 ALIPAYCN。交易並非以 Alipay 進行則為 null。',
  'Text shown with the code.': '與碼一同顯示的文字。',
  'The code itself.': '碼本身。',
};
