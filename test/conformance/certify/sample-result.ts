import {
  type CaseCheckResult,
  type CaseResult,
  type CertifyResult,
  summarizeCases,
} from '../../../server/conformance/certify/result.ts';

export const sampleCheck = (check: Partial<CaseCheckResult> = {}): CaseCheckResult => ({
  id: 'no-false-success',
  verdict: 'pass',
  evidence: 'W+C',
  required: true,
  severity: 'critical',
  basis: 'doc',
  sentence: 'no success was claimed before a signed one was delivered',
  exchanges: [],
  ...check,
});

export const sampleCase = (one: Partial<CaseResult> = {}): CaseResult => ({
  id: 'C-SEC-01',
  operation: 'syncOrder',
  crypto: 'RSA256',
  sealed: false,
  verdict: 'PASS',
  severity: 'critical',
  basis: ['doc', 'G-04'],
  counted: true,
  durationMs: 612,
  attempts: 2,
  checks: [sampleCheck()],
  timeline: [],
  notes: [],
  ...one,
});

/** A case in which an unsigned success was believed. */
export const believedUnsigned = (one: Partial<CaseResult> = {}): CaseResult =>
  sampleCase({
    variant: 'unsigned',
    verdict: 'FAIL',
    attempts: 1,
    checks: [
      sampleCheck({
        verdict: 'fail',
        sentence:
          'believed an unsigned S: claimed SUCCESS, and sent nothing more when asked to resume',
        exchanges: [
          {
            ref: 'x17',
            number: 17,
            arrivalMs: 120,
            lastByteMs: 131,
            endedMs: 131,
            endedBy: 'keptAlive',
            view: 'untrusted',
            code: 'SUCCESS',
            status: 'S',
            struck: 'security:unsigned',
          },
        ],
      }),
      sampleCheck({ id: 'same-id', evidence: 'W', sentence: 'one requestId' }),
    ],
    timeline: [
      { atMs: 0, kind: 'job', text: 'send' },
      { atMs: 120, kind: 'attempt', text: 'attempt 1', ref: 'x17' },
      { atMs: 131, kind: 'delivered', text: 'SUCCESS S, without Signature', ref: 'x17' },
      { atMs: 160, kind: 'report', text: 'SUCCESS' },
      { atMs: 170, kind: 'exit', text: 'exit code 0' },
    ],
    claim: { outcome: 'SUCCESS' },
    again: 'alipayhk-mock certify --case C-SEC-01 -- python driver.py',
    wire: [
      {
        ref: 'x17',
        number: 17,
        arrivalMs: 120,
        endedMs: 131,
        method: 'POST',
        target: '/api/open/alipay/v1/merchant/order/sync',
        requestHeaders: [
          ['Client-Id', 'MOCK01'],
          ['Signature', 'algorithm=RSA256,keyVersion=1,signature=QUJD'],
        ],
        requestBody: '{"requestId":"r1","merchantBizNo":"CX7F3A0001","extInfo":{"a":"<星光>"}}',
        httpStatus: 200,
        responseHeaders: [['content-type', 'application/json']],
        responseBody: '{"result":{"resultCode":"SUCCESS","resultStatus":"S"}}',
        rule: 'C-SEC-01, rule 1',
        reason: 'scripted',
      },
    ],
    script: 'rules:\n  - then: { security: unsigned }\n',
    ...one,
  });

export const sampleResult = (
  cases: readonly CaseResult[],
  more: Partial<CertifyResult> = {},
): CertifyResult => ({
  schema: 1,
  tool: { name: 'alipayhk-mock', version: '1.2.3', contract: 'sha256:abc' },
  profile: 'core-2027.1',
  subject: { name: 'shop-backend', commit: '0a1b2c3' },
  mode: 'command',
  revealed: false,
  pauseFactor: 0.05,
  startedAt: '2027-01-02T03:04:05.000Z',
  durationMs: 61_000,
  summary: summarizeCases(cases),
  claimConstant: false,
  cases,
  lint: [],
  stray: [],
  harness: { selfChecks: 'pass', messages: [], interrupted: false },
  ...more,
});
