import type { LintRuleId } from './lint-rules.ts';

export interface LintRuleText {
  readonly title: string;
  readonly why: string;
}

/** The rules of lint in Traditional Chinese. */
export const lintRulesInChinese: Readonly<Record<LintRuleId, LintRuleText>> = {
  'L-RTY-01': {
    title: '結果未知後改用了新的 requestId',
    why: 'AlipayHK 可能已收到第一個訊息：更改便會執行兩次。',
  },
  'L-RTY-02': {
    title: '被最終拒絕後仍再次發送',
    why: '相同的請求只會得到相同的拒絕，真正的問題因而無人發現。',
  },
  'L-RTY-03': {
    title: '同一個 requestId 下更改了正文',
    why: '一個 requestId 只代表一個訊息：第二個正文會被拒絕或忽略。',
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
    title: '正文有異常之處',
    why: '模擬器予以放行，真實網關則未必。',
  },
  'L-OUT-01': {
    title: '確認了不可信的呼叫',
    why: '知道地址的人便可以加積分，或令訂單出貨。',
  },
  'L-OUT-02': {
    title: '對呼叫的回應不能證明任何事',
    why: '它不算確認：通知會在一日之內不斷重送。',
  },
  'L-OUT-03': {
    title: '對呼叫的回應沒有可用的結果',
    why: '它不算確認：通知會在一日之內不斷重送。',
  },
  'L-OUT-04': {
    title: '對呼叫的回應太遲',
    why: '用戶會看到錯誤，或通知會再次送出。',
  },
};

export interface LintConditionText {
  readonly condition: string;
  readonly exempt: string;
}

/** What `lint --explain` says besides; apart from the above, for the console does not show it. */
export const lintConditionsInChinese: Readonly<Record<LintRuleId, LintConditionText>> = {
  'L-RTY-01': {
    condition: '結果未知的訊息之後，另有一個 requestId 不同的訊息報告相同的內容。',
    exempt:
      '超過十分鐘後以另一事件時間發送，只屬警告：可能是人手再次發送。首個訊息曾重複發送後才改用的，亦然。' +
      '兩者之間另有事件，例如兩個 BIND 之間的 UNBIND。',
  },
  'L-RTY-02': {
    condition: '已簽名的 F 送達後，訊息原封不動地再次發送。',
    exempt:
      '帶有 F 的 UNKNOWN_EXCEPTION，部分頁面要求重複發送；當時已在途的嘗試；代理伺服器所作的複本；' +
      '回應需時超過一秒後，在另一連線上的下一次嘗試。十分鐘後屬提示；不只取決於訊息的代碼屬警告。',
  },
  'L-RTY-03': {
    condition: 'requestId 相同的兩次嘗試正文不同。',
    exempt: '同一 JSON 的另一種排版屬警告。未能解密的加密正文。被網關拒絕後經更正的正文。',
  },
  'L-RTY-04': {
    condition: '已簽名的 S 送達後，訊息再次發送。',
    exempt:
      '首兩次屬提示：佇列至少傳遞一次。updateMembershipCard，其訊息沒有 requestId。' +
      '代理伺服器所作的複本。回應需時超過一秒後，在另一連線上的下一次嘗試：客戶端可能已放棄等待。',
  },
  'L-RTY-05': {
    condition: '一秒或更久之後的重試帶有先前的 Request-Time 及 Signature。',
    exempt: 'HTTP 程式庫在一秒內自行重複的請求。時間以整秒書寫時，以三秒計。',
  },
  'L-RTY-06': {
    condition: '一次嘗試遺失後，一秒內再收到相同的標頭行。',
    exempt: '每個客戶端只報告一次。',
  },
  'L-RTY-07': {
    condition:
      '一次嘗試沒有最終結果便結束，訊息在 100 毫秒內重複：第二次起屬錯誤。' +
      '10 秒內嘗試五次而停頓沒有遞增，或停頓縮短了一半，屬警告。',
    exempt:
      'HTTP 程式庫重複的請求，以及代理伺服器所作的複本。單獨一次的短停頓，例如重新啟動之後。' +
      '隨機的停頓，而大多數是長的。按比例縮短的停頓：請設定 lint.pauseFactor。',
  },
  'L-RTY-08': {
    condition: '沒有最終結果的訊息嘗試了 13 次；由 30 次起屬錯誤。',
    exempt: '已有最終結果的訊息，以及 HTTP 程式庫重複的請求。',
  },
  'L-RTY-09': {
    condition: '沒有最終結果的訊息，在觀察結束前的 lint.abandonedAfter 之內沒有再次發送。',
    exempt:
      '真正的拒絕。正處於文件所載計劃的長停頓，或停頓不比客戶端的其他停頓長很多的訊息。' +
      '在此時間之前已刪除或重設的客戶端。',
  },
  'L-RTY-10': {
    condition:
      '在 REQUEST_TRAFFIC_EXCEED_LIMIT 之後一秒內，再次發送該訊息，或發送該操作的另外三個訊息。',
    exempt: '當時已在途的嘗試，以及有多個 worker 的客戶端的其他連線。',
  },
  'L-RTY-11': {
    condition:
      '連續三個請求因同一原因，以 INVALID_SIGNATURE、KEY_NOT_FOUND 或 INVALID_CLIENT 被拒。',
    exempt: '由情境造成的拒絕。',
  },
  'L-ID-01': {
    condition: '同一客戶端的兩種操作用了同一個 requestId。',
    exempt: '沒有。',
  },
  'L-ID-02': {
    condition: 'requestId 與訂單、賬戶、綁定或會員卡的編號相同。',
    exempt: '在該 requestId 用於第二個正文之前屬提示。',
  },
  'L-ID-03': {
    condition: '連續二十個 requestId 是增幅少於 1000 的數字。',
    exempt: '有前綴的 id：字母或日期。',
  },
  'L-TIM-01': {
    condition:
      '三個或以上訊息的 Request-Time 與到達時間之差，其中位數超過 60 秒；超過 300 秒屬錯誤。',
    exempt: '模擬器中的時鐘曾被移動或停住的客戶端。',
  },
  'L-TIM-02': {
    condition: '相隔超過 3 秒的三個訊息帶有同一個 Request-Time。',
    exempt:
      '以整秒書寫的時間，在一秒之內相同。曾被移動或停住的時鐘。' +
      '等待回應的時間：其後發送的可能早已簽名。',
  },
  'L-TIM-03': {
    condition: '沒有完整回應的嘗試維持了 30 秒，而伺服器沒有終止它；由 60 秒起屬錯誤。',
    exempt: '由伺服器終止的嘗試。一點一點到達的回應屬警告。',
  },
  'L-TIM-04': {
    condition: '回應只是延遲，客戶端卻在 3 秒內終止嘗試，共三次。',
    exempt:
      '少於三次，測試逾時便需要如此。同時終止的嘗試，或終止前的時間相差很大：客戶端正在停止運作。',
  },
  'L-TIM-05': {
    condition: 'Request-Time 的寫法未見於文件。',
    exempt: '每個客戶端只報告一次。',
  },
  'L-ORD-01': {
    condition: '內容不同的新訊息，其事件時間不大於先前關於同一對象的訊息。',
    exempt: '重複的訊息。被拒絕的訊息不計算在內。同時在途的訊息屬 L-ORD-04。賬戶的操作屬警告。',
  },
  'L-ORD-02': {
    condition: 'orderCreateTime 與首個訊息不同；merchantBizType 不同則屬警告。',
    exempt: '被拒絕的訊息不算首個訊息。',
  },
  'L-ORD-03': {
    condition: 'ORDER_STATUS_INVALID 或 PASS_UPDATE_FAIL 送達後，另一訊息要求同一狀態。',
    exempt: '其間接受了另一狀態，或現在接受這個狀態。會員卡的 CLOSED 遺失後重複一次。',
  },
  'L-ORD-04': {
    condition: '關於同一訂單、賬戶、綁定或會員卡的兩個訊息同時在途。',
    exempt: '屬警告，除非較後一個的事件時間並不較新。需時超過三秒的回應：客戶端可能已放棄等待。',
  },
  'L-ORD-05': {
    condition:
      '結果未知的訊息之後，另一訊息要求另一狀態，而前者在觀察結束前的 lint.abandonedAfter ' +
      '之內沒有再次發送。',
    exempt: '首個訊息其後再次發送。文件所載計劃或客戶端本身的長停頓。',
  },
  'L-SIG-01': {
    condition: '同一操作中關於同一對象的訊息，有些加密，有些沒有加密。',
    exempt: '不同的訂單、賬戶、綁定或會員卡。由某時起一直加密的客戶端。',
  },
  'L-SIG-02': {
    condition: '兩個訊息以同一把對稱密鑰加密。',
    exempt: '同一訊息的各次嘗試。',
  },
  'L-SIG-03': {
    condition: '客戶端的較新版本已使用一小時，簽名仍寫着較舊的版本。',
    exempt: '輪換的首一小時。',
  },
  'L-HTTP-01': {
    condition: '密鑰資料夾中的客戶端發送 x-mock-* 標頭，或由魔術值選定了回應。',
    exempt: '示範客戶端，以及在模擬器運行期間建立的客戶端：測試會這樣做。只是開頭像魔術值的名稱。',
  },
  'L-HTTP-02': {
    condition: '連續五十個請求各用一條連線。',
    exempt: '因故障或閒置時間而關閉的連線；疏落或同時到達的請求。',
  },
  'L-HTTP-03': {
    condition: '位元組順序標記、UTF-8 以外的字元集，或可省略的欄位為空字串。',
    exempt: '每項就每個客戶端只報告一次。',
  },
  'L-OUT-01': {
    condition:
      '呼叫的簽名錯誤、欠缺或屬於他人，正文被更改，或 Request-Time 太舊，商戶卻回應 SUCCESS。',
    exempt: '平台正常發送的呼叫。',
  },
  'L-OUT-02': {
    condition: '商戶的回應沒有簽名、不能通過驗證，或欠缺 Client-Id 或 Response-Time。',
    exempt: '對不可信的呼叫的拒絕。',
  },
  'L-OUT-03': {
    condition: '商戶的回應的 HTTP 狀態不是 200、不是 JSON、沒有結果，或違反合約。',
    exempt: '對不可信的呼叫的拒絕；F 或 U 的結果。',
  },
  'L-OUT-04': {
    condition: '商戶在 3 秒內沒有回應，通知則為 5 秒。',
    exempt: '由平台中斷的呼叫。',
  },
};
