import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MerchantIdentity, signRequest } from '../../sdk/client/signed-call.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { readKeyFolder } from '../../server/clients/key-folder/key-folder.ts';
import { packageRoot } from '../../server/package-root.ts';
import { merchantAt } from '../merchant.ts';
import { rawCall } from '../raw-call.ts';
import { readWorld } from '../read-world.ts';
import { demoMerchant, startServer } from '../start-server.ts';

const clientIds = ['ALPHA', 'BETA', 'GAMMA'];
let server: MockServer;
let identities: MerchantIdentity[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'worlds-keys-'));
  cpSync(join(packageRoot, 'keys'), folder, { recursive: true });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  for (const id of clientIds) {
    mkdirSync(join(folder, 'clients', id));
    writeFileSync(
      join(folder, 'clients', id, 'v1.public.pem'),
      publicKey.export({ type: 'spki', format: 'pem' }),
    );
    writeFileSync(
      join(folder, 'clients', id, 'v1.private.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
  }
  server = await startServer({ keys: folder, 'journal.entries': 20_000 });
  const { value } = readKeyFolder(folder, { weakKeys: false });
  identities = clientIds.map((clientId) => ({
    clientId,
    keyring: value.clients.get(clientId) ?? demoMerchant().keyring,
    platform: value.platform,
  }));
});
afterAll(() => server.close());

const identityOf = (index: number): MerchantIdentity => identities[index] ?? demoMerchant();
let runs = 0;

describe('a world', () => {
  test('any order of arrival ends with the newest update', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 2 }), async (times) => {
        const merchant = merchantAt(server, identityOf(0));
        const externalIdentityValue = `perm-${++runs}`;
        for (const time of times)
          await merchant.call('syncAccountLinkage', {
            externalIdentityValue,
            bizTime: 1_747_893_741_000 + time,
            externalBindingId: String(time),
          });
        const held = [...(await readWorld(server.store, 'ALPHA')).linkages.values()].find(
          ({ fields }) => fields['externalIdentityValue'] === externalIdentityValue,
        );
        expect(held?.fields['externalBindingId']).toBe(String(Math.max(...times)));
      }),
      { numRuns: 25 },
    );
  });

  test('a request replayed any number of times changes things once and is answered the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.boolean(), async (times, atOnce) => {
        const merchant = merchantAt(server, identityOf(1));
        const body = merchant.sample('syncOrder', { merchantBizNo: `replay-${++runs}` });
        const calls = Array.from({ length: times }, () => () => merchant.send('syncOrder', body));
        const answers = atOnce ? await Promise.all(calls.map((call) => call())) : [];
        if (!atOnce) for (const call of calls) answers.push(await call());
        expect(
          new Set(
            answers.map(({ code, message, fields }) => JSON.stringify({ code, message, fields })),
          ).size,
        ).toBe(1);
        expect(answers.filter(({ tags }) => tags.includes('duplicate'))).toHaveLength(times - 1);
        expect(
          (await readWorld(server.store, 'BETA')).orders.get(
            JSON.stringify([body['merchantBizNo']]),
          )?.updates,
        ).toBe(1);
      }),
      { numRuns: 25 },
    );
  });

  test('behaves like a simple model, whatever clients interleave and whatever they send', async () => {
    const step = fc.record({
      client: fc.integer({ min: 0, max: 2 }),
      order: fc.integer({ min: 0, max: 2 }),
      status: fc.constantFrom(
        'CALL_NUM',
        'NUMBER_ARRIVED',
        'NUMBER_PASSED',
        'FINISHED',
        'CANCELLED',
        'NOT_A_STATUS',
      ),
      time: fc.integer({ min: 1, max: 8 }),
      request: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const run = ++runs;
        const model = new QueueModel();
        for (const { client, order, status, time, request } of steps) {
          const merchantBizNo = `m${run}-${order}`;
          const body = {
            requestId: `r${run}-${request}`,
            merchantBizNo,
            orderStatus: status,
            orderModifyTime: 1_747_893_741_000 + time,
          };
          const reported = await merchantAt(server, identityOf(client)).call(
            'syncOrder',
            body,
            'LINE_UP',
          );
          expect({
            code: reported.code,
            orderStatus: reported.fields['orderStatus'],
            tags: reported.tags,
          }).toEqual(model.expect(client, body));
        }
      }),
      { numRuns: 40 },
    );
  });
});

/**
 * What the register promises of LINE_UP orders, written a second time and as plainly as possible.
 */
class QueueModel {
  readonly #orders = new Map<string, { status: string; time: number }>();
  readonly #requests = new Map<
    string,
    { body: string; answer: { code: string; orderStatus: string | undefined } }
  >();
  readonly #rank = ['CALL_NUM', 'NUMBER_ARRIVED', 'NUMBER_PASSED', 'FINISHED'];

  expect(
    client: number,
    body: {
      requestId: string;
      merchantBizNo: string;
      orderStatus: string;
      orderModifyTime: number;
    },
  ) {
    const request = `${client} ${body.requestId}`;
    const order = `${client} ${body.merchantBizNo}`;
    const held = this.#orders.get(order);
    const before = this.#requests.get(request);
    if (before !== undefined) {
      if (before.body === JSON.stringify(body)) return { ...before.answer, tags: ['duplicate'] };
      return { code: 'PARAM_ILLEGAL', orderStatus: held?.status, tags: ['mismatch'] };
    }
    const remember = (code: string, orderStatus: string | undefined, tags: string[]) => {
      this.#requests.set(request, { body: JSON.stringify(body), answer: { code, orderStatus } });
      return { code, orderStatus, tags };
    };
    if (held !== undefined && body.orderModifyTime <= held.time)
      return remember('SUCCESS', held.status, ['stale']);
    if (!this.#allowed(held?.status, body.orderStatus))
      return remember('ORDER_STATUS_INVALID', held?.status, []);
    this.#orders.set(order, { status: body.orderStatus, time: body.orderModifyTime });
    return remember('SUCCESS', body.orderStatus, []);
  }

  #allowed(from: string | undefined, to: string): boolean {
    if (to === 'NOT_A_STATUS') return false;
    if (from === undefined) return true;
    if (from === 'FINISHED' || from === 'CANCELLED') return false;
    if (to === 'CANCELLED') return from === 'CALL_NUM';
    return this.#rank.indexOf(to) >= this.#rank.indexOf(from);
  }
}

test('64 connections kept alive, three clients, sealed and plain: every answer is its own', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const operation = server.contract.operations.get('syncOrder');
  if (operation === undefined) throw new Error('no syncOrder');
  const codes = await Promise.all(
    Array.from({ length: 1024 }, async (_, n) => {
      const identity = identityOf(n % 3);
      const body = {
        ...merchantAt(server, identity).sample('syncOrder'),
        merchantBizNo: `load-${n}`,
      };
      const request = signRequest(identity, operation.path, Buffer.from(JSON.stringify(body)), {
        seal: n % 4 === 0,
      });
      const answer = await rawCall(server.url, { ...request, agent });
      expect(answer.headers['client-id']).toBe(identity.clientId);
      return n % 4 === 0
        ? answer.headers['encrypt']?.slice(0, 17)
        : answer.json['result']?.['resultCode'];
    }),
  );
  agent.destroy();
  expect(new Set(codes)).toEqual(new Set(['SUCCESS', 'algorithm=RSA_AES']));
  for (const [index, id] of clientIds.entries()) {
    const loaded = [...(await readWorld(server.store, id)).orders.values()]
      .map(({ fields }) => String(fields['merchantBizNo']))
      .filter((name) => name.startsWith('load-'));
    expect(loaded.every((name) => Number(name.slice(5)) % 3 === index)).toBe(true);
    expect(loaded).toHaveLength(index === 0 ? 342 : 341);
  }
});

test('of identical requests at the same instant one is first, the others get its answer', async () => {
  const merchant = merchantAt(server, identityOf(2));
  const body = merchant.sample('syncOrder', { merchantBizNo: 'same-instant' });
  const answers = await Promise.all(
    Array.from({ length: 32 }, () => merchant.send('syncOrder', body)),
  );
  expect(answers.filter(({ tags }) => tags.length === 0)).toHaveLength(1);
  expect(new Set(answers.map(({ fields }) => JSON.stringify(fields))).size).toBe(1);
  expect(answers.every(({ signature }) => signature === 'verified')).toBe(true);
});
