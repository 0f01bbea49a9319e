import { wire } from './answers.ts';
import type { CatalogueCase } from './case.ts';

const sendThenResume = [{ action: 'send' }, { action: 'resume' }] as const;

const remedy = 'reference/result-codes.md';

/** Kept short of a claim: the driver may use exit codes alone. */
const codeKept = { id: 'code-kept', required: false } as const;

/** The platform says no. */
export const finalAnswer: readonly CatalogueCase[] = [
  {
    id: 'C-FIN-01',
    title: { en: 'Refused as illegal', 'zh-HK': '因參數不合法而被拒' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'G-02', source: 'code; what to do, of sister products' }],
    operations: 'all',
    play: [{ then: { result: 'PARAM_ILLEGAL', status: 'F' }, times: 'always' }],
    jobs: sendThenResume,
    checks: ['no-false-success', 'stops', codeKept],
    expectedMs: 500,
    must: 'Does not send it again as it is, and keeps the code for a person.',
    why: 'It is refused every time, and the loop hides that the message was never accepted.',
    remedy,
  },
  {
    id: 'C-FIN-02',
    title: { en: 'Other final codes', 'zh-HK': '其他最終代碼' },
    severity: 'major',
    basis: [{ kind: 'sister', register: 'G-02', source: 'documented on the page of Order sync' }],
    operations: 'all',
    variants: {
      'process-fail': { then: { result: 'PROCESS_FAIL', status: 'F' } },
      'access-denied': { then: { result: 'ACCESS_DENIED', status: 'F' } },
      'un-support-business': {
        then: { result: 'UN_SUPPORT_BUSINESS', status: 'F' },
        operations: ['syncOrder'],
      },
      'pass-has-not-exist': {
        then: { result: 'PASS_HAS_NOT_EXIST', status: 'F' },
        operations: ['updateMembershipCard'],
      },
    },
    play: [{ then: {}, vary: true, times: 'always' }],
    jobs: sendThenResume,
    checks: [
      'no-false-success',
      'stops',
      codeKept,
      { id: 'alerted', required: false, atMost: 'warn' },
    ],
    expectedMs: 500,
    must: 'Stops, keeps the code, and notifies a person: none of these ends by itself.',
    why: 'They need a contract, a permission or other data, not another attempt.',
    remedy,
  },
  {
    id: 'C-FIN-03',
    title: { en: 'Genuine unsigned refusal', 'zh-HK': '真實而未簽署的拒絕' },
    severity: 'minor',
    basis: [{ kind: 'sister', register: 'G-04', source: 'refusals before the signature check' }],
    operations: 'all',
    play: [{ then: { result: 'INVALID_SIGNATURE', status: 'F', signed: false }, times: 8 }],
    jobs: sendThenResume,
    checks: ['no-false-success', codeKept, { id: 'pauses', required: false }],
    expectedMs: 1500,
    must: 'Reports the code of the refusal instead of a missing header, never takes it for a success, and does not repeat it in a burst.',
    why: 'It is what you see after a key was exchanged: the code is all that leads to the cause.',
    remedy: 'how-to/find-out-why.md#the-doctor-offline',
  },
  {
    id: 'C-FIN-04',
    title: { en: 'Code and letter disagree', 'zh-HK': '代碼與狀態不一致' },
    severity: 'minor',
    basis: [{ kind: 'doc', register: 'G-18', source: 'printed as F, with a request to retry' }],
    operations: ['syncPaymentInfo', 'syncOrder'],
    play: [{ then: { result: 'UNKNOWN_EXCEPTION', status: 'F' }, times: 5 }],
    jobs: sendThenResume,
    checks: ['no-false-success', 'either-way', 'same-id'],
    expectedMs: 800,
    must: 'Either takes it for final, or sends the same message again: the page says both. It is never a success, and never gets a new id.',
    why: 'The page prints F and asks for a retry in one line.',
    remedy,
  },
  {
    id: 'C-FIN-05',
    title: { en: 'Unknown code with the letter F', 'zh-HK': '未知代碼，狀態為 F' },
    severity: 'minor',
    basis: [{ kind: 'safety', register: 'G-02' }],
    operations: 'all',
    play: [{ then: { result: 'SOMETHING_NEW', status: 'F', unlisted: true }, times: 'always' }],
    jobs: sendThenResume,
    checks: ['no-false-success', 'stops', codeKept],
    expectedMs: 500,
    must: 'Goes by resultStatus: F is final, whatever the code is.',
    why: 'Codes are added without notice; the three letters stay.',
    remedy,
  },
  {
    id: 'C-FIN-06',
    title: { en: 'Card already closed', 'zh-HK': '會員卡早已關閉' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'E-11', source: 'only an active card can be updated' }],
    operations: ['updateMembershipCard'],
    messages: [{ fields: { updateMembershipCard: { status: 'CLOSED', dataInfo: null } } }],
    play: [{ then: { fault: wire('reset') } }],
    jobs: sendThenResume,
    checks: ['repeats', 'no-loop', 'same-body'],
    expectedMs: 600,
    must: 'Sees its own success in PASS_UPDATE_FAIL, or fails once: it never repeats that in a loop.',
    why: 'The first attempt closed the card; its repetition can only be refused, as there is no requestId.',
    remedy,
  },
];
