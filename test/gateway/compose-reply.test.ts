import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import { readKeyFolder } from '../../server/clients/key-folder/key-folder.ts';
import { readContract } from '../../server/domain/contract/read-contract.ts';
import { ordinaryDelivery } from '../../server/domain/scenarios/select-rule.ts';
import type { Settings } from '../../server/domain/settings/settings-table.ts';
import type { Answer } from '../../server/domain/state/state.ts';
import {
  type Known,
  knownFromHead,
  Refusal,
  refuseWithMessage,
} from '../../server/gateway/exchange.ts';
import { internalErrorResult, type Outcome, refusalResult } from '../../server/gateway/outcome.ts';
import { composeReply, resultBody } from '../../server/gateway/reply/compose-reply.ts';
import { packageRoot } from '../../server/package-root.ts';
import { defaultScheme } from '../../server/protocol/sealing.ts';
import { demoClient } from '../start-server.ts';

const { value: contract } = readContract(
  join(packageRoot, 'openapi', 'alipayhk.yaml'),
  settingsWith(),
);
if (contract === undefined) throw new Error('the contract cannot be read');
const operation = contract.operations.get('syncOrder');
const { clients, platform } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false }).value;
const keyring = clients.get(demoClient) ?? expect.fail('no demo keys');

const success: Answer = { code: 'SUCCESS', status: 'S', message: 'Success', fields: { a: 1 } };
type Result = Outcome['result'];
const answered: Result = { answer: success, httpStatus: 200, isRefusal: false };
const refused: Result = { ...answered, isRefusal: true };

const identified = { target: '/a?b=1', client: { id: demoClient, keyring } };
const authenticated = {
  ...identified,
  signedWith: { algorithm: 'RSA256', keyVersion: 1 },
} as const;

const atRoot = { target: '/', claimedClientId: undefined, operation: undefined };

const compose = (known: Partial<Known>, result: Result, settings: Partial<Settings> = {}) =>
  composeReply(
    {
      known: { ...knownFromHead(atRoot), ...known },
      result,
      delivery: ordinaryDelivery,
    },
    {
      tracerId: 'T-1',
      now: Date.UTC(2026, 4, 22, 6, 2, 21),
      random: (count) => Buffer.alloc(count, 7),
      platform,
      scheme: defaultScheme,
      inPool: false,
      remember: (_content, _key, sign) => sign(),
      settings: settingsWith(settings),
    },
  );

describe('which replies are signed (G-04)', () => {
  test.each([
    ['authenticated', authenticated, refused, true],
    ['authenticated', identified, refused, false],
    ['always', identified, refused, true],
    ['never', authenticated, refused, false],
    ['never', authenticated, answered, true],
  ] as const)('signRefusals: %s', async (signRefusals, known, result, isSigned) => {
    const { headers } = await compose(known, result, { signRefusals });
    expect('signature' in headers).toBe(isSigned);
    expect('response-time' in headers).toBe(isSigned);
    expect(headers['client-id']).toBe(demoClient);
  });
});

test('Response-Time is Hong Kong time, and Date the same moment (G-09)', async () => {
  const { headers } = await compose(authenticated, answered);
  expect(headers['response-time']).toBe('2026-05-22T14:02:21+08:00');
  expect(headers['date']).toBe('Fri, 22 May 2026 06:02:21 GMT');
});

test('the lower-case headers of a plain reply, and of one that answers an encrypted request', async () => {
  const plain = await compose(authenticated, answered);
  expect(plain.headers['content-type']).toBe('application/json; charset=UTF-8');
  expect(plain.headers['content-length']).toBe(String(plain.body.length));
  expect(plain.headers).not.toHaveProperty('encrypt');
  const sealed = await compose({ ...authenticated, platformKeyVersion: 1 }, refused);
  expect(sealed.headers['content-type']).toBe('text/plain; charset=UTF-8');
  expect(sealed.headers['encrypt']).toMatch(/^algorithm=RSA_AES,keyVersion=1,symmetricKey=/);
  expect(sealed.plain?.toString()).toBe(plain.body.toString());
  for (const name of Object.keys(sealed.headers)) expect(name).toBe(name.toLowerCase());
});

test('the Tracer-Id, under a second name where the settings ask for one', async () => {
  expect((await compose({}, refused)).headers).toMatchObject({ 'tracer-id': 'T-1' });
  const aliased = await compose({}, refused, { 'tracer.alias': 'tracerId' });
  expect(aliased.headers).toMatchObject({ 'tracer-id': 'T-1', tracerId: 'T-1' });
});

describe('the result in the body', () => {
  const settings = { messages: 'detailed', wirePure: false } as const;
  const message = (answer: Partial<Answer>, given: Partial<Settings> = {}) =>
    Object.values(resultBody({ ...success, ...answer }, operation, { ...settings, ...given }))[0];

  test('has the names of the operation, and the fields of the answer next to it', () => {
    const [name = ''] = operation?.resultFields ?? [];
    expect(resultBody(success, operation, settings)).toEqual({
      [name]: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' },
      a: 1,
    });
    expect(resultBody(success, undefined, settings)).toHaveProperty('result');
  });

  test.each([
    [{}, 'Success [why]'],
    [{ messages: 'documented' }, 'Success'],
    [{ wirePure: true }, 'Success'],
  ] as const)('says why after the text of the table, under %o (G-29)', (given, text) => {
    expect(message({ detail: 'why' }, given)).toMatchObject({ resultMessage: text });
  });

  test('has at most 256 characters, counted as people count them (G-02)', () => {
    const text = (answer: Partial<Answer>): string =>
      (message(answer) as { resultMessage: string }).resultMessage;
    expect([...text({ detail: '😀'.repeat(300) })]).toHaveLength(256);
    expect([...text({ message: 'x'.repeat(300), detail: 'y' })]).toHaveLength(256);
  });
});

describe('refusals', () => {
  const tables = { contract, httpStatus: 'ok' } as const;

  test.each([
    ['ok', 'INVALID_SIGNATURE', 200],
    ['semantic', 'INVALID_SIGNATURE', 401],
    ['semantic', 'METHOD_NOT_SUPPORTED', 405],
  ] as const)('httpStatus: %s answers %s with %i', (httpStatus, code, expected) => {
    const refusal = new Refusal(code, { register: 'G-02', reason: 'secret' });
    const { answer, ...result } = refusalResult(refusal, operation, { contract, httpStatus });
    expect(result).toEqual({ httpStatus: expected, isRefusal: true });
    expect(answer).toMatchObject({ code, status: 'F', fields: {} });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('tell their reason where the caller may read it', () => {
    const refusal = refuseWithMessage('PARAM_ILLEGAL', 'G-02', 'because');
    expect(refusalResult(refusal, operation, tables).answer.detail).toBe('because');
  });

  test('of one size override the HTTP status of their code', () => {
    const details = { register: 'G-24', reason: 'large', httpStatus: 413 } as const;
    const refusal = new Refusal('PARAM_ILLEGAL', details);
    expect(refusalResult(refusal, operation, { ...tables, httpStatus: 'semantic' })).toMatchObject({
      httpStatus: 413,
    });
  });

  test.each([
    [true, 'U'],
    [false, operation?.results.get('UNKNOWN_EXCEPTION')?.status],
  ])('an internal error, with a change that may be visible: %s (G-28)', (isVisible, status) => {
    expect(internalErrorResult(operation, tables, isVisible).answer).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      status,
    });
  });
});
