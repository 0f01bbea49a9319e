import { inBothLanguages } from './both-languages.ts';

/** Sending requests. */
export const sendMessages = inBothLanguages(
  {
    send: {
      lead:
        'Send a signed request without writing code: fill in the form, send it, and see the ' +
        'verified response.',
      example: 'Example',
      encrypt: 'Encrypt the body',
      form: 'Form of the request',
      fields: 'Fields',
      moreFields: (count: number) => `${count} more fields`,
      required: 'required',
      fresh: 'Generated for every send.',
      mustBeObject: 'This must be a JSON object, such as {"requestId": "1"}.',
      brokenJson: (line: number, column: number) =>
        `This is not valid JSON. Correct it at line ${line}, column ${column}.`,
      correctFirst: 'Correct the JSON first: the other form would lose what you typed.',
      notSent: 'Not sent: the JSON is not valid',
      backToExample: 'Reset to the example',
      signAndSend: 'Sign and send',
      sending: 'Sending…',
      response: 'Response',
      request: 'What was sent',
      open: 'Open the exchange',
      notYet: 'The response appears here',
      notYetMore:
        'The request is signed with the client’s private key. The simulator has the private ' +
        'keys of its demo client and of clients created here.',
      proof: {
        verified: 'Verified: the response is signed by the platform.',
        unsigned:
          'The response is not signed: the request was refused before its signature was verified.',
        bad: 'The response’s signature does not verify.',
        reset: 'No response: the connection was reset.',
        closed: 'No response: the connection was closed.',
        malformed: 'What arrived is not a valid HTTP response.',
        timeout: 'No response before the timeout.',
      } as Readonly<Record<string, string>>,
    },
  },
  {
    send: {
      lead: '無須寫程式便可發出已簽名的請求：填寫、發送，然後查看已驗證的回應。',
      example: '範例',
      encrypt: '加密主體',
      form: '請求的填寫方式',
      fields: '欄位',
      moreFields: (count) => `其他 ${count} 個欄位`,
      required: '必填',
      fresh: '每次發送均會重新產生。',
      mustBeObject: '必須是 JSON 物件，例如 {"requestId": "1"}。',
      brokenJson: (line, column) => `這不是有效的 JSON。請更正第 ${line} 行第 ${column} 個字元。`,
      correctFirst: '請先更正 JSON：切換後便會失去你輸入的內容。',
      notSent: '未有發送：JSON 無效',
      backToExample: '還原為範例',
      signAndSend: '簽名並發送',
      sending: '發送中…',
      response: '回應',
      request: '已發送的內容',
      open: '打開此請求記錄',
      notYet: '回應將在此顯示',
      notYetMore: '請求以客戶端的私鑰簽名；模擬器持有示範客戶端及在此建立的客戶端的私鑰。',
      proof: {
        verified: '已驗證：回應由平台簽名。',
        unsigned: '回應沒有簽名：請求在簽名通過驗證之前已被拒絕。',
        bad: '回應的簽名未能通過驗證。',
        reset: '沒有回應：連線被重設。',
        closed: '沒有回應：連線被關閉。',
        malformed: '收到的並非有效的 HTTP 回應。',
        timeout: '逾時前未有收到回應。',
      },
    },
  },
);
