import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
import { packageRoot } from '../../server/package-root.ts';
import { merchantAt } from '../merchant.ts';
import { demoClient, startServer } from '../start-server.ts';
import { exchangeOverTls, type TlsAnswer } from './raw-tls.ts';
import { type SdkCall, type SdkWire, sdkWires } from './sdk-wire.ts';

const pem = (...path: readonly string[]): string =>
  readFileSync(join(packageRoot, 'keys', ...path), 'utf8');
const merchantKey: KeyObject = createPrivateKey(pem('clients', demoClient, 'v1.private.pem'));
const platformKey: KeyObject = createPublicKey(pem('platform', 'v1.public.pem'));

let server: MockServer;
beforeAll(async () => {
  server = await startServer({ httpsPort: 0 });
});
afterAll(() => server.close());

const signedText = (path: string, clientId: string, time: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`), body]);

type Verdict = 'verified' | 'refused' | 'unsigned';

/**
 * One call as the SDK would make it. @returns the answer, and whether the SDK would find it signed
 * by the platform.
 */
const callAs = async (
  sdk: SdkWire,
  path: string,
  json: JsonObject,
  { extraLines = [], at = server }: { extraLines?: readonly string[]; at?: MockServer } = {},
): Promise<TlsAnswer & { call: SdkCall; verdict: Verdict }> => {
  const port = new URL(at.httpsUrl ?? '').port;
  const host = `localhost:${port}`;
  const body = Buffer.from(JSON.stringify(json));
  const time = sdk.time(new Date());
  const signature = sign('sha256', signedText(path, demoClient, time, body), merchantKey).toString(
    'base64',
  );
  const call = { clientId: demoClient, keyVersion: 1, time, signature };
  const head = [
    `POST ${sdk.target(`https://${host}`, path)} HTTP/1.1`,
    ...sdk.headerLines(call, host),
    ...extraLines,
    `Content-Length: ${body.length}`,
  ];
  const request = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  const answer = await exchangeOverTls(Number(port), at.tlsAuthority?.certificate ?? '', request);
  return { ...answer, call, verdict: verdictOf(sdk, path, answer, call) };
};

const verdictOf = (
  sdk: SdkWire,
  path: string,
  { lines, body }: TlsAnswer,
  call: SdkCall,
): Verdict => {
  const read = sdk.read(lines, call);
  if (read === undefined) return 'unsigned';
  const text = signedText(path, read.clientId, read.time, body);
  return verify('sha256', text, platformKey, Buffer.from(read.signature, 'base64'))
    ? 'verified'
    : 'refused';
};

const pathOf = (operation: string): string =>
  [...server.contract.operations.values()].find(({ id }) => id === operation)?.path ?? '';
const fresh = (): string => randomUUID().replaceAll('-', '');
const freshOrder = (): JsonObject =>
  merchantAt(server).sample('syncOrder', { requestId: fresh(), merchantBizNo: fresh() });

describe.each(sdkWires.map((sdk) => [sdk.name, sdk] as const))(
  'the %s SDK on the wire',
  (_name, sdk) => {
    test.each(
      'syncOrder syncAccountLinkage syncPaymentInfo syncAdditionalInfo updateMembershipCard'.split(
        ' ',
      ),
    )('calls %s over TLS and finds the answer signed', async (operation) => {
      const body = operation === 'syncOrder' ? freshOrder() : merchantAt(server).sample(operation);
      const answer = await callAs(sdk, pathOf(operation), body);
      expect(answer.status).toBe(200); // it reads no body of any other
      expect(answer.body.toString()).toContain('"resultCode":"SUCCESS"');
      expect(answer.verdict).toBe('verified');
    });

    test.each(['tampered-body', 'tampered-signature', 'wrong-key', 'stale-time'])(
      '%s: its check has something to find',
      async (fault) => {
        const { verdict } = await callAs(sdk, pathOf('syncOrder'), freshOrder(), {
          extraLines: [`x-mock-fault: ${fault}`],
        });
        expect(verdict).toBe(fault === 'stale-time' ? 'verified' : 'refused'); // no SDK looks at how old an answer is
      },
    );

    test('reads a signed refusal, and finds an unsigned one unsigned', async () => {
      const refused = await callAs(sdk, pathOf('syncOrder'), {
        ...freshOrder(),
        orderStatus: 'NO_SUCH_STATUS',
      });
      expect(refused.verdict).toBe('verified');
      const unknown = await callAs(sdk, '/no/such/path', {});
      expect(unknown.verdict).toBe('unsigned');
      expect(unknown.body.toString()).toContain('INVALID_API');
    });
  },
);

test('lint finds nothing in the calls of the SDKs but the form of Request-Time, which all but one write in their own', () => {
  const findings = server.observer?.lint({ isEnd: true }).findings ?? [];
  // This test opens a connection for each call; the SDKs may not.
  const others = findings.filter(({ rule }) => rule !== 'L-HTTP-02');
  expect(others.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['L-TIM-05 note']);
});

test('with signRefusals: always every SDK can read even the refusal of a path that does not exist', async () => {
  const at = await startServer({ httpsPort: 0, signRefusals: 'always' });
  const verdicts = await Promise.all(
    sdkWires.map(async (sdk) => (await callAs(sdk, '/no/such/path', {}, { at })).verdict),
  );
  await at.close();
  expect(verdicts).toEqual(sdkWires.map(() => 'verified'));
});

test('names are in lower case, and no header but its own speaks of a signature: SDKs look for the words', async () => {
  const go = sdkWires.find(({ name }) => name === 'Go') ?? expect.fail('no Go');
  const { lines } = await callAs(go, pathOf('syncOrder'), freshOrder());
  expect(lines.filter((line) => line.startsWith('x-mock-finding: REQUEST_TIME_FORM'))).toHaveLength(
    1,
  );
  for (const word of ['signature', 'response-time', 'client-id'])
    expect(lines.filter((line) => line.includes(word)).map((line) => line.split(':')[0])).toEqual([
      word,
    ]);
});
