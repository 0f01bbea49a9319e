import type { OutboundCallId } from '../../../domain/outbound/outbound-calls.ts';
import { type OutboundFaultId, outboundFaults } from '../../../domain/outbound/outbound-faults.ts';
import type { CaseBasis, CaseSeverity, DescribedCase, ReceiverCheckId } from './case.ts';

/** A case of the family OUT: what AlipayHK plays, and what a correct merchant does. */
export interface ReceiverCase extends DescribedCase {
  readonly id: `C-OUT-${string}`;
  /** Each is judged by itself. */
  readonly calls: readonly [OutboundCallId, ...OutboundCallId[]];
  readonly fault?: OutboundFaultId;
  /** Sends of the same event after the first one; they have no fault. */
  readonly again?: number;
  /** Calls at the same time. */
  readonly parallel?: number;
  /** How often the event may be applied in all. */
  readonly effects?: number;
  readonly checks: readonly [ReceiverCheckId, ...ReceiverCheckId[]];
}

const receiverRemedy = 'how-to/outbound.md#what-a-correct-merchant-does';

const faultCase = (
  number: string,
  fault: OutboundFaultId,
  { severity, basis, why }: Pick<DescribedCase, 'severity' | 'basis' | 'why'>,
): ReceiverCase => {
  const { sentence, expectedMerchantBehaviour, isAcknowledged } = outboundFaults[fault];
  return {
    id: `C-OUT-${number}`,
    title: { en: sentence, 'zh-HK': titlesInChinese[fault] },
    must: expectedMerchantBehaviour,
    calls: ['bill-notify'],
    fault,
    // A refusal proves nothing without its twin: the genuine call that must be accepted.
    again: isAcknowledged ? 0 : 1,
    effects: 1,
    checks: [isAcknowledged || fault === 'cut' ? 'acknowledges' : 'refuses', 'applied-once'],
    ...{ severity, basis, why, remedy: receiverRemedy },
  };
};

const titlesInChinese: Readonly<Record<OutboundFaultId, string>> = {
  duplicate: '同一訊息送出兩次，第二次在首個回應之後。',
  'parallel-duplicates': '同一訊息在同一刻送出兩次。',
  'out-of-order': '兩個訊息中，較後發生的先送出。',
  'wrong-signature': '簽名有一個位元被改。',
  'missing-signature': '沒有 Signature 標頭。',
  'foreign-signature': '以不屬於平台的密鑰簽名。',
  'changed-body': '簽名之後內容被改，JSON 仍然有效。',
  'old-request-time': 'Request-Time 是一日之前，簽名正確。',
  'rotated-key': '以平台另一版本的密鑰簽名，標頭有寫明版本。',
  cut: '連線在內容中途中斷。',
  slow: '內容在一秒之內分段送到。',
  'extra-fields': '內容有合約所無的欄位。',
};

const citeRegister = (register: CaseBasis['register']): DescribedCase['basis'] => [
  { kind: 'doc', ...(register !== undefined && { register }) },
];
const safety = (register: CaseBasis['register']): DescribedCase['basis'] => [
  { kind: 'safety', ...(register !== undefined && { register }) },
];

const forged = {
  severity: 'critical' as CaseSeverity,
  basis: citeRegister('OB-19'),
  why: 'Any program that knows the address could add points, or have an order delivered.',
};

/** All cases of the family, in the order in which they are played. An id is never used again. */
export const receiverCatalogue: readonly ReceiverCase[] = [
  {
    id: 'C-OUT-01',
    title: { en: 'A notification is answered.', 'zh-HK': '回應一個通知。' },
    must: 'Answers SUCCESS, signed, within 5 s, and applies it once.',
    why: 'Anything else is sent again for a day, and the user waits for what he is owed.',
    calls: ['bill-notify'],
    effects: 1,
    checks: ['acknowledges', 'applied-once'],
    severity: 'major',
    basis: citeRegister('OB-16'),
    remedy: receiverRemedy,
  },
  faultCase('02', 'duplicate', {
    severity: 'critical',
    basis: citeRegister('OB-16'),
    why: 'An answer that got lost is sent again: points would be added twice.',
  }),
  faultCase('03', 'parallel-duplicates', {
    severity: 'critical',
    basis: safety('OB-16'),
    why: 'Two processes that look before they write both find nothing, and both add points.',
  }),
  faultCase('04', 'out-of-order', {
    severity: 'major',
    basis: safety('OB-16'),
    why: 'A repetition after two hours comes after events that happened later.',
  }),
  faultCase('05', 'wrong-signature', forged),
  faultCase('06', 'missing-signature', forged),
  faultCase('07', 'foreign-signature', forged),
  faultCase('08', 'changed-body', forged),
  faultCase('09', 'old-request-time', {
    ...forged,
    basis: safety('OB-19'),
    why: 'A copy of one call, from a log or a proxy, could be sent again at any time.',
  }),
  faultCase('10', 'rotated-key', {
    severity: 'major',
    basis: citeRegister('OB-19'),
    why: 'The day on which the platform uses its next key, every call would be refused.',
  }),
  faultCase('11', 'cut', {
    severity: 'critical',
    basis: safety('OB-16'),
    why: 'Half a message must not be applied, and must not hide the whole one.',
  }),
  faultCase('12', 'slow', {
    severity: 'major',
    basis: safety('OB-18'),
    why: 'A slow network would lose notifications.',
  }),
  faultCase('13', 'extra-fields', {
    severity: 'major',
    basis: safety('OB-02'),
    why: 'The pages are not complete: a field that is added would stop every notification.',
  }),
  {
    id: 'C-OUT-14',
    title: { en: 'Queries are answered under load.', 'zh-HK': '高負載下回應查詢。' },
    must: 'Answers each of OB-03 to OB-07 within 3 s, signed.',
    why: 'The user looks at the page meanwhile: after 3 s he gets an error.',
    calls: [
      'query-unpaid-bills',
      'query-account',
      'verify-account',
      'top-up',
      'query-latest-payment-info',
    ],
    parallel: 5,
    checks: ['acknowledges'],
    severity: 'major',
    basis: citeRegister('OB-18'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-15',
    title: {
      en: 'The order of a top-up is asked for again with the same requestId.',
      'zh-HK': '以相同 requestId 再次要求增值訂單。',
    },
    must: 'Answers the same order again.',
    why: 'The first answer can get lost: a second order would be delivered, and not paid.',
    calls: ['top-up'],
    again: 1,
    effects: 1,
    checks: ['acknowledges', 'same-order', 'applied-once'],
    severity: 'critical',
    basis: safety('OB-06'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-16',
    title: {
      en: 'A payment notification comes in the older envelope, twice.',
      'zh-HK': '以舊格式送出的付款通知，送出兩次。',
    },
    must: 'Answers SUCCESS twice, and applies it once.',
    why: 'An answer that got lost is sent again: the goods would be delivered twice.',
    calls: ['payment-notify'],
    fault: 'duplicate',
    effects: 1,
    checks: ['acknowledges', 'applied-once'],
    severity: 'critical',
    basis: citeRegister('OB-13'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-17',
    title: {
      en: 'updatePass follows the record of a transaction.',
      'zh-HK': '交易紀錄之後立即呼叫 updatePass。',
    },
    must: 'Adds the points once, and calls updatePass at once.',
    why: 'The user looks at the card in the wallet: it shows what updatePass said last.',
    calls: ['bill-notify'],
    effects: 1,
    checks: ['acknowledges', 'updates-pass', 'applied-once'],
    severity: 'major',
    basis: citeRegister('OB-02'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-18',
    title: {
      en: 'The order of bills is created again with the same requestId.',
      'zh-HK': '以相同 requestId 再次建立賬單訂單。',
    },
    must: 'Answers the same merchant order id again.',
    why: 'The first answer can get lost: the user would pay one order, and see another.',
    calls: ['create-bill-order'],
    again: 1,
    effects: 1,
    checks: ['acknowledges', 'same-order', 'applied-once'],
    severity: 'critical',
    basis: citeRegister('OB-10'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-19',
    title: {
      en: 'An add-on purchase is ordered twice with the same requestId, then closed.',
      'zh-HK': '以相同 requestId 兩次下單加購，其後關閉。',
    },
    must: 'Answers the same merchantTransId, locks the stock once, and releases it on CLOSE.',
    why: 'AlipayHK asks again when an answer is late: stock that is locked twice is not sold.',
    calls: ['create-add-on-order'],
    again: 1,
    effects: 1,
    checks: ['acknowledges', 'same-order', 'applied-once', 'closes-order'],
    severity: 'critical',
    basis: citeRegister('OB-11'),
    remedy: receiverRemedy,
  },
  {
    id: 'C-OUT-20',
    title: { en: 'An account is unbound.', 'zh-HK': '解除賬戶綁定。' },
    must: 'Answers SUCCESS, and ends automatic debit too.',
    why: 'The user has left: what is still debited is money taken without consent.',
    calls: ['unbind-account'],
    checks: ['acknowledges', 'ends-auto-debit'],
    severity: 'critical',
    basis: citeRegister('OB-08'),
    remedy: receiverRemedy,
  },
];
