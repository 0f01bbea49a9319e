/**
 * What is set at one replica, or answered by it, holds for the next question to another: played many
 * times by `check-fleet.ts`.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../server/package-root.ts';
import type { merchantAt } from '../test/merchant.ts';
import { demoClient } from '../test/start-server.ts';

export interface AskedReplica {
  readonly url: string;
  readonly merchantOf: (clientId: string) => ReturnType<typeof merchantAt>;
}

/** @throws Error for a status other than the one that is due */
const admin = async (
  { url }: AskedReplica,
  [method, path, due]: readonly [method: string, path: string, due: number],
  body?: object,
): Promise<unknown> => {
  const response = await fetch(`${url}/__admin${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== due) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};

const toPem = (key: { export(options: object): unknown }): string =>
  String(key.export({ type: 'spki', format: 'pem' }));

const ownKey = join(packageRoot, 'keys', 'clients', demoClient, 'v1.public.pem');
const second = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A client is made, scripted, given another key and another time, and dropped. */
export const playSettings = async (
  one: AskedReplica,
  other: AskedReplica,
  clientId: string,
): Promise<readonly string[]> => {
  const problems: string[] = [];
  const expectCode = async (after: string, due: string): Promise<void> => {
    const { code } = await other.merchantOf(clientId).call('syncPaymentInfo');
    if (code !== due)
      problems.push(`${after} ${clientId}: ${code} was answered, and ${due} is due`);
  };
  const at = `/clients/${clientId}`;
  const publicKey = readFileSync(ownKey, 'utf8');
  await admin(one, ['POST', '/clients', 201], { clientId, publicKey });
  await expectCode('after the making of', 'SUCCESS');
  await admin(one, ['PUT', `${at}/scenarios`, 204], { active: ['payment-info-process-fail'] });
  await expectCode('after a scenario for', 'PROCESS_FAIL');
  await admin(one, ['PUT', `${at}/scenarios`, 204], { active: [] });
  await expectCode('after its end for', 'SUCCESS');
  await admin(one, ['PUT', `${at}/clock`, 200], { freeze: 1_900_000_000_000 });
  const clock = await admin(other, ['GET', `${at}/clock`, 200]);
  if ((clock as { now: number }).now !== 1_900_000_000_000)
    problems.push(`the clock of ${clientId} is another one`);
  await admin(one, ['PUT', `${at}/clock`, 200], { reset: true });
  const next = { publicKey: toPem(second.publicKey), overlapMs: 0 };
  await admin(one, ['POST', `${at}/keys`, 201], next);
  await expectCode('after the end of the key of', 'KEY_NOT_FOUND');
  await admin(one, ['DELETE', at, 204]);
  await expectCode('after the end of', 'INVALID_CLIENT');
  return problems;
};

/** What one has answered counts in an assertion of the other. */
export const playAssertion = async (
  one: AskedReplica,
  other: AskedReplica,
  turn: number,
): Promise<readonly string[]> => {
  if (turn === 1) await admin(one, ['DELETE', '/journal', 204]);
  await one.merchantOf(demoClient).call('syncPaymentInfo', { accountId: `asserted ${turn}` });
  const verified = await admin(other, ['POST', '/verify', 200], {
    exchanges: [{ exchange: { operation: 'syncPaymentInfo' }, exactly: turn }],
  });
  const { passed, considered } = verified as { passed: boolean; considered: number };
  return passed ? [] : [`${considered} of ${turn} exchanges were seen`];
};
