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
    title: '確認了不可信的調用',
    why: '知道地址的人便可以加積分，或令訂單出貨。',
  },
  'L-OUT-02': {
    title: '對調用的回應不能證明任何事',
    why: '它不算確認：通知會在一日之內不斷重送。',
  },
  'L-OUT-03': {
    title: '對調用的回應沒有可用的結果',
    why: '它不算確認：通知會在一日之內不斷重送。',
  },
  'L-OUT-04': {
    title: '對調用的回應太遲',
    why: '用戶會看到錯誤，或通知會再次送出。',
  },
};
