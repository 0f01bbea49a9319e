import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectMockServer, type MockClient } from '../sdk/testing/index.ts';
import { composeSample } from '../server/admin/loopback-client.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import type { OperationId } from '../server/domain/contract/contract.ts';
import { readContract } from '../server/domain/contract/read-contract.ts';
import type { JsonObject } from '../server/domain/state/state.ts';
import { shippedContract } from '../server/package-root.ts';
import { abortAfter } from '../server/protocol/http-call.ts';
import { keyFingerprint, makeKeyPair } from '../server/protocol/keys/key-objects.ts';
import { alwaysValid } from '../server/protocol/keys/keyring.ts';
import { defaultScheme, sealBody } from '../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  signContent,
  signingContent,
  writeSignatureHeader,
} from '../server/protocol/signatures.ts';
import { writeTimestamp } from '../server/protocol/timestamps.ts';
import { runBundle } from '../test/run-bundle.ts';

/**
 * Plays to a running simulator what correct merchants do and what looks like a mistake: balancers,
 * proxies, deploys, parallel workers, clocks and zones, test suites: `npm run check:innocent`. Each
 * case has a client of its own, several run at the same time, and lint must find nothing in any.
 * Needs dist/. Arguments select cases by a part of their name.
 */

const contract = readContract(shippedContract, settingsWith(), true).value;
if (contract === undefined) throw new Error('the contract cannot be read');
/** What a test suite scales its pauses by. */
const pauseFactor = 0.05;
const running = runBundle([
  ...['--port', '0', '--lint', 'strict', '--lint-pause-factor', `${pauseFactor}`],
]);
const simulator = connectMockServer({ url: await running.url });
const id = (): string => randomUUID().replaceAll('-', '');

/** A request as bytes: to be sent once, or copied by a proxy. */
interface Packed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface PackOptions {
  /** Request-Time as written. */
  readonly time?: string;
  readonly seal?: boolean;
  /** How the body is written. */
  readonly write?: (message: JsonObject) => string;
  readonly key?: { readonly version: number; readonly pem: string };
  readonly headers?: Readonly<Record<string, string>>;
}

interface SendOptions {
  readonly agent?: Agent;
  /** The caller gives up after so long. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Without a Content-Length. */
  readonly isChunked?: boolean;
}

type Then = Parameters<MockClient['next']>[0]['then'];
const unknown: Then = { result: 'UNKNOWN_EXCEPTION', status: 'U' };

/** A merchant whose code does exactly what a case says. */
class Merchant {
  readonly agent = new Agent({ keepAlive: true });
  readonly client: MockClient;

  constructor(client: MockClient) {
    this.client = client;
  }

  sample(operation: OperationId, fields: JsonObject = {}): JsonObject {
    const known = contract?.operations.get(operation);
    if (known === undefined) throw new Error(`no operation ${operation}`);
    return composeSample(known, { fields, time: Date.now() });
  }

  order(fields: JsonObject = {}): JsonObject {
    return this.sample('syncOrder', { merchantBizNo: id(), ...fields });
  }

  pack(operation: OperationId, message: JsonObject, options: PackOptions = {}): Packed {
    const { time = writeTimestamp(Date.now()), seal = false, headers } = options;
    const { pem, version } = options.key ?? { pem: this.client.privateKey, version: 1 };
    const path = contract?.operations.get(operation)?.path ?? '';
    const plain = Buffer.from(options.write?.(message) ?? JSON.stringify(message));
    const sealed = seal ? sealBody(plain, platformKey(this.client), defaultScheme) : undefined;
    const body = sealed?.body ?? plain;
    const content = signingContent({ target: path, clientId: this.client.clientId, time, body });
    const recipe = algorithmParamsFor('RSA256', 'sha256');
    const signature = signContent(content, createPrivateKey(pem), recipe);
    return {
      path,
      headers: {
        'Content-Type': sealed ? 'text/plain; charset=UTF-8' : 'application/json; charset=UTF-8',
        'Client-Id': this.client.clientId,
        'Request-Time': time,
        ...(sealed && { Encrypt: sealed.encryptHeader }),
        Signature: writeSignatureHeader('RSA256', version, signature),
        ...headers,
      },
      body,
    };
  }

  /** @returns status of the result; undefined: no answer */
  deliver({ path, headers, body }: Packed, options: SendOptions = {}): Promise<string | undefined> {
    const { agent = this.agent, timeoutMs = 120_000, signal, isChunked = false } = options;
    const { hostname, port } = new URL(simulator.url);
    return new Promise((resolve) => {
      const req = request(
        {
          ...{ host: hostname, port, path, agent, method: 'POST' },
          headers: { ...headers, ...(!isChunked && { 'content-length': String(body.length) }) },
          signal: abortAfter(timeoutMs, ...(signal === undefined ? [] : [signal])),
        },
        (res) => {
          let text = '';
          res.on('data', (chunk: Buffer) => {
            text += String(chunk);
          });
          res.on('end', () => resolve(/"resultStatus":"([SFU])"/.exec(text)?.[1]));
          res.on('error', () => resolve(undefined));
        },
      );
      req.on('error', () => resolve(undefined));
      req.end(body);
    });
  }

  send(operation: OperationId, message: JsonObject, options: PackOptions & SendOptions = {}) {
    return this.deliver(this.pack(operation, message, options), options);
  }

  /** Sends again, signed again, until an answer is final. */
  async persist(
    operation: OperationId,
    message: JsonObject,
    pauseMs: (attempt: number) => number,
  ): Promise<void> {
    for (let attempt = 1; attempt <= 10; attempt++) {
      const status = await this.send(operation, message, { timeoutMs: 5000 });
      if (status === 'S' || status === 'F') return;
      await sleep(pauseMs(attempt));
    }
  }

  next(then: Then, times = 1, operation: OperationId = 'syncOrder'): Promise<void> {
    return this.client.next({ when: { operation }, then, times });
  }

  /** The same for one order alone. */
  nextFor({ merchantBizNo }: JsonObject, then: Then, times = 1): Promise<void> {
    const body = { merchantBizNo: String(merchantBizNo) };
    return this.client.next({ when: { operation: 'syncOrder', body }, then, times });
  }
}

const platformKey = ({ platformKey: pem }: MockClient) => {
  const publicKey = createPublicKey(pem);
  return {
    ...{ version: 1, family: 'RSA' as const, publicKey, validity: alwaysValid },
    fingerprint: keyFingerprint(publicKey),
  };
};

const printed = (attempt: number): number =>
  ([2000, 2000, 2000][attempt - 1] ?? 6000) * pauseFactor;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const hongKong = (ms: number, offset: string): string => {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(offset) ?? [];
  const shift = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return `${new Date(ms + shift).toISOString().slice(0, 19)}${offset}`;
};

type Case = (merchant: Merchant) => Promise<unknown>;

const cases: Readonly<Record<string, Case>> = {
  'a proxy mirrors each request': async (m) => {
    for (const _ of range(5)) {
      const packed = m.pack('syncOrder', m.order(), { time: new Date().toISOString() });
      await Promise.all([m.deliver(packed), m.deliver(packed)]);
    }
  },
  'a proxy delivers a request twice, the copy a moment after the answer': async (m) => {
    for (const then of [
      { result: 'UNKNOWN_EXCEPTION', status: 'U' },
      { result: 'PARAM_ILLEGAL' },
      undefined,
    ] as const)
      for (const _ of range(3)) {
        if (then !== undefined) await m.next(then);
        const packed = m.pack('syncOrder', m.order(), { time: new Date().toISOString() });
        const first = m.deliver(packed);
        await sleep(4);
        await m.deliver(packed);
        await first;
        if (then?.status === 'U') await sleep(printed(1));
      }
  },
  'a proxy gives up and asks the next server, times in whole seconds': async (m) => {
    for (const _ of range(2)) {
      await m.next({ delayMs: 5000 });
      const packed = m.pack('syncOrder', m.order());
      await m.deliver(packed, { timeoutMs: 3500 });
      await m.deliver(packed);
    }
  },
  'a balancer probes without a Client-Id': async (m) => {
    const { hostname, port } = new URL(simulator.url);
    const path = contract?.operations.get('syncOrder')?.path ?? '/';
    const paths = [...range(5).map(() => '/'), path];
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST'])
      for (const at of paths)
        await fetch(`${simulator.url}${at}`, { method }).then((res) => res.arrayBuffer());
    for (const _ of range(5)) connect(Number(port), hostname).end();
    await m.send('syncOrder', m.order());
  },
  'eight workers, each with its connection, a limit for one': async (m) => {
    await Promise.all(
      range(8).map(async (worker) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (const at of range(6)) {
          const order = m.order();
          if (worker === 0 && at === 2)
            await m.nextFor(order, { result: 'REQUEST_TRAFFIC_EXCEED_LIMIT', status: 'U' });
          const status = await m.send('syncOrder', order, { agent });
          if (status !== 'S') {
            await sleep(1500);
            await m.send('syncOrder', order, { agent });
          }
          await sleep(20);
        }
        agent.destroy();
      }),
    );
  },
  'pauses with full jitter': async (m) => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    await Promise.all(
      range(30).map(async () => {
        const order = m.order();
        await m.nextFor(order, unknown, 4);
        await m.persist(
          'syncOrder',
          order,
          (attempt) => random() * 2000 * pauseFactor * 2 ** attempt,
        );
      }),
    );
  },
  'a restart sends the outbox at once': async (m) => {
    await m.next(unknown, 4);
    const order = m.order();
    for (const pause of [100, 100, 100, 40, 0]) {
      await m.send('syncOrder', order);
      await sleep(pause);
    }
    await m.next(unknown, 5);
    const other = m.order();
    for (const pause of [100, 100, 100, 1500, 200, 0]) {
      await m.send('syncOrder', other);
      await sleep(pause);
    }
  },
  'a deploy ends what is in flight': async (m) => {
    const end = new AbortController();
    await m.next({ delayMs: 3000 }, 5);
    const orders = range(5).map(() => m.order());
    const sent = orders.map((order) => m.send('syncOrder', order, { signal: end.signal }));
    await sleep(300);
    end.abort();
    await Promise.all(sent);
    await sleep(500);
    for (const order of orders) await m.send('syncOrder', order);
  },
  'an account is bound, released and bound again, the first time in doubt': async (m) => {
    const link = m.sample('syncAccountLinkage', {
      externalIdentityValue: id(),
      operateType: 'BIND',
    });
    const at = (ms: number, operateType: string): JsonObject => ({
      ...link,
      ...{ operateType, requestId: id(), bizTime: Number(link['bizTime']) + ms },
    });
    await m.next({ fault: 'reset' }, 1, 'syncAccountLinkage');
    await m.send('syncAccountLinkage', link);
    await sleep(printed(1));
    const released = at(1000, 'UNBIND');
    await m.send('syncAccountLinkage', released);
    await m.send('syncAccountLinkage', at(2000, 'BIND'));
    await m.send('syncAccountLinkage', link);
  },
  'every documented form of a time, around midnight and a change of clocks': async (m) => {
    const offsets = ['+08:00', '+09:30', '-05:00', '-04:00', '+00:00', '+14:00', '-12:00'];
    for (const offset of offsets) {
      const now = Date.now();
      await m.send('syncOrder', m.order(), { time: hongKong(now, offset) });
      for (const digits of [1, 2, 3, 6, 9]) {
        const text = hongKong(now, offset);
        const fraction = `${String(now % 1000).padStart(3, '0')}000000`.slice(0, digits);
        await m.send('syncOrder', m.order(), {
          time: `${text.slice(0, 19)}.${fraction}${text.slice(19)}`,
        });
      }
      await m.send('syncOrder', m.order(), { time: new Date(now).toISOString() });
    }
  },
  'a clock twenty seconds ahead, and one behind': async (m) => {
    for (const at of range(12))
      await m.send('syncOrder', m.order(), {
        time: hongKong(Date.now() + (at % 2 === 0 ? 20_000 : -35_000), '+08:00'),
      });
  },
  'a pool of one connection, what waits was signed before': async (m) => {
    await m.next({ delayMs: 1700 }, 4);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const time = hongKong(Date.now(), '+08:00');
    await Promise.all(range(4).map(() => m.send('syncOrder', m.order(), { agent, time })));
    agent.destroy();
  },
  'a deploy turns encryption on': async (m) => {
    for (const seal of [false, true, true]) {
      for (const at of range(3))
        await m.send('syncOrder', m.order({ merchantBizNo: `T${at}${m.client.clientId}` }), {
          seal,
        });
      await sleep(5);
    }
  },
  'each request by a process of its own, Connection: close': async (m) => {
    const agent = new Agent({ keepAlive: false });
    for (const _ of range(60)) await m.send('syncOrder', m.order(), { agent });
  },
  'two merchants of one client number their orders alike': async (m) => {
    for (const merchantAccountId of ['2160400000002012', '2160400000002013'])
      for (const [at, orderStatus] of ['TICKETED', 'USED'].entries())
        await m.send(
          'syncOrder',
          m.sample('syncOrder', {
            ...{ merchantBizNo: 'A1', merchantAccountId, orderStatus },
            ...{ orderCreateTime: 1_700_000_000_000 + Number(merchantAccountId.at(-1)) },
            orderModifyTime: 1_700_000_100_000 + at - Number(merchantAccountId.at(-1)) * 10,
          }),
        );
  },
  'pages of a batch: many messages about one account': async (m) => {
    for (const page of range(20))
      await m.send(
        'syncAdditionalInfo',
        m.sample('syncAdditionalInfo', { subType: `PAGE${page}` }),
      );
    for (const _ of range(3))
      await m.send('syncAdditionalInfo', m.sample('syncAdditionalInfo', { accountId: id() }));
  },
  'ids of every good kind': async (m) => {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const kinds: readonly ((at: number) => string)[] = [
      (at) => `${day}${String(at + 1).padStart(10, '0')}`,
      (at) => `${day}${new Date().toISOString().slice(11, 23).replace(/\D/g, '')}${1000 + at}`,
      (at) => `${Date.now()}${String(at).padStart(6, '0')}`,
      (at) => String((BigInt(Date.now() - 1_600_000_000_000) << 22n) + BigInt(at)),
      (at) => `SHOP7-${at}`,
      () => randomUUID().replaceAll('-', ''),
    ];
    for (const kind of kinds)
      for (const at of range(25)) await m.send('syncOrder', m.order({ requestId: kind(at) }));
  },
  'a refused body is corrected under its id': async (m) => {
    const order = m.order();
    await m.send('syncOrder', { ...order, orderModifyTime: 'yesterday' });
    await m.send('syncOrder', order);
    const { merchantBizType: _, ...short } = m.order();
    await m.send('syncOrder', short);
    await m.send('syncOrder', { ...short, merchantBizType: 'MOVIE_TICKET' });
  },
  'keys are rotated during a deploy, both serve for a while': async (m) => {
    const next = await makeKeyPair('RSA', 2048);
    const pem = String(next.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await simulator.admin('POST', `/clients/${m.client.clientId}/keys`, {
      publicKey: String(next.publicKey.export({ type: 'spki', format: 'pem' })),
      overlapMs: 60_000,
    });
    for (const at of range(12))
      await m.send('syncOrder', m.order(), at % 3 === 0 ? {} : { key: { version: 2, pem } });
  },
  'one instance has its new key too early, the others do not': async (m) => {
    const { privateKey } = await makeKeyPair('RSA', 2048);
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const at of range(12))
      await m.send('syncOrder', m.order(), at % 3 === 0 ? { key: { version: 2, pem } } : {});
  },
  'an older open message again, after a newer one': async (m) => {
    await m.next(unknown);
    const order = m.order({ orderStatus: 'TICKETED' });
    const time = Number(order['orderModifyTime']);
    await m.send('syncOrder', order);
    const used = { ...order, requestId: id(), orderStatus: 'USED', orderModifyTime: time + 1000 };
    await m.send('syncOrder', used);
    await sleep(printed(2));
    await m.send('syncOrder', order);
  },
  'points of a card, equal updates and a lost one': async (m) => {
    const card = m.sample('updateMembershipCard', { passId: id() });
    await m.send('updateMembershipCard', card);
    await sleep(5);
    await m.send('updateMembershipCard', card);
    await m.next({ fault: 'reset' }, 1, 'updateMembershipCard');
    await m.send('updateMembershipCard', { ...card, status: 'CLOSED' });
    await sleep(printed(1));
    await m.send('updateMembershipCard', { ...card, status: 'CLOSED' });
  },
  'content types of every spelling': async (m) => {
    for (const type of [
      ...['application/json', 'application/json;charset=utf-8', 'APPLICATION/JSON; CHARSET=UTF-8'],
      ...['application/json; charset="utf-8"', 'application/json ; charset=UTF8'],
    ])
      await m.send('syncOrder', m.order(), { headers: { 'Content-Type': type } });
  },
  'a shop whose orders begin with MOCK_': async (m) => {
    await m.send('syncOrder', m.order({ merchantBizNo: `MOCK_SHOP_${id().slice(0, 8)}` }));
  },
  'the client waits for an answer that comes late': async (m) => {
    await m.next({ delayMs: 2500 }, 3);
    await Promise.all(range(3).map(() => m.send('syncOrder', m.order())));
  },
  'a balancer holds the old connection open, the client has gone on': async (m) => {
    const order = m.order({ orderStatus: 'TICKETED' });
    await m.next({ delayMs: 4500 });
    const slow = m.send('syncOrder', order);
    await sleep(3600);
    await m.send('syncOrder', order);
    await m.send('syncOrder', {
      ...order,
      ...{ requestId: id(), orderStatus: 'USED' },
      orderModifyTime: Number(order['orderModifyTime']) + 1000,
    });
    await slow;
  },
  'a nightly job reports every order again as it is': async (m) => {
    const orders = range(8).map(() => m.order());
    for (const order of orders) await m.send('syncOrder', order);
    for (const order of orders) await m.send('syncOrder', { ...order, requestId: id() });
  },
  'JSON in every spelling': async (m) => {
    const spellings: readonly ((message: JsonObject) => string)[] = [
      (message) => JSON.stringify(message, undefined, 2),
      (message) => `\n${JSON.stringify(message)}\r\n`,
      (message) =>
        JSON.stringify(message).replace(
          /[\u0080-\uffff]/g,
          (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      (message) => JSON.stringify(message).replaceAll('/', '\\/'),
      (message) => JSON.stringify(Object.fromEntries(Object.entries(message).reverse())),
      (message) => JSON.stringify({ ...message, memo: '一二三', extra: { a: [] } }),
    ];
    for (const write of spellings) await m.send('syncOrder', m.order(), { write });
  },
  'the retry has its headers in another order and spelling': async (m) => {
    await m.next(unknown);
    const order = m.order();
    await m.send('syncOrder', order);
    await sleep(printed(1));
    const { path, headers, body } = m.pack('syncOrder', order);
    const reversed = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    await m.deliver({ path, headers: Object.fromEntries(reversed.reverse()), body });
  },
  'bursts of sixty, each request on its connection': async (m) => {
    for (const _ of range(2)) {
      const agent = new Agent({ keepAlive: false });
      await Promise.all(range(60).map(() => m.send('syncOrder', m.order(), { agent })));
      await sleep(200);
    }
  },
  'users cancel while an answer is delayed': async (m) => {
    await m.next({ delayMs: 3000 }, 5);
    await Promise.all(
      [150, 500, 1100, 1800, 2700].map(async (timeoutMs) => {
        const order = m.order();
        await m.send('syncOrder', order, { timeoutMs });
        await sleep(3000);
        await m.send('syncOrder', order);
      }),
    );
  },
  'two applications share a Client-Id, one counts its ids and keeps no connection': async (m) => {
    const agent = new Agent({ keepAlive: false });
    for (const at of range(60)) {
      await m.send('syncOrder', m.order({ requestId: `${7_000_000 + at}` }), { agent });
      if (at % 7 === 0) for (const _ of range(2)) await m.send('syncOrder', m.order());
    }
  },
  'terminals count, each from its own number': async (m) => {
    for (const at of range(30))
      for (const terminal of [11, 12, 13])
        await m.send('syncOrder', m.order({ requestId: `${terminal}${1_000_000 + at}` }));
  },
  'the retry comes from an instance whose clock is behind': async (m) => {
    await m.next(unknown, 2);
    const order = m.order();
    for (const behindMs of [0, 30_000, 5000]) {
      await m.send('syncOrder', order, { time: hongKong(Date.now() - behindMs, '+08:00') });
      await sleep(printed(1));
    }
  },
  'the key is rotated between two attempts': async (m) => {
    const next = await makeKeyPair('RSA', 2048);
    const pem = String(next.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await m.next(unknown, 2);
    const order = m.order();
    await m.send('syncOrder', order);
    await simulator.admin('POST', `/clients/${m.client.clientId}/keys`, {
      publicKey: String(next.publicKey.export({ type: 'spki', format: 'pem' })),
      overlapMs: 60_000,
    });
    await sleep(printed(1));
    await m.send('syncOrder', order, { key: { version: 2, pem } });
    await sleep(printed(1));
    await m.send('syncOrder', order, { key: { version: 2, pem } });
  },
  'an encrypted message again, encrypted again or as it was': async (m) => {
    await m.next(unknown, 4);
    const order = m.order();
    for (const _ of range(3)) {
      await m.send('syncOrder', order, { seal: true });
      await sleep(printed(1));
    }
    const other = m.pack('syncOrder', m.order(), { seal: true, time: new Date().toISOString() });
    await m.deliver(other);
    await sleep(printed(1));
    await m.deliver(other);
  },
  'a body in chunks, and one that waits for 100 Continue': async (m) => {
    for (const _ of range(3)) await m.send('syncOrder', m.order(), { isChunked: true });
    for (const _ of range(3))
      await m.send('syncOrder', m.order(), { headers: { Expect: '100-continue' } });
  },
  'a monitor asks with the Client-Id whether the path is there': async (m) => {
    const path = contract?.operations.get('syncOrder')?.path ?? '/';
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (const _ of range(5)) {
        const headers = { 'Client-Id': m.client.clientId };
        await fetch(`${simulator.url}${path}`, { method, headers }).then((res) => res.text());
      }
    await m.send('syncOrder', m.order());
  },
  'two schedulers send one open message at the same time': async (m) => {
    await m.next({ ...unknown, delayMs: 300 }, 2);
    const order = m.order();
    await Promise.all([m.send('syncOrder', order), m.send('syncOrder', order)]);
    await sleep(printed(1));
    await Promise.all([m.send('syncOrder', order), m.send('syncOrder', order)]);
  },
  'a refused message is corrected, under a new id': async (m) => {
    const order = m.order();
    await m.next({ result: 'PARAM_ILLEGAL' });
    await m.send('syncOrder', order);
    await m.send('syncOrder', { ...order, requestId: id(), memo: 'corrected' });
  },
  'four workers, each with its orders, each order with its states': async (m) => {
    await Promise.all(
      range(4).map(async () => {
        for (const _ of range(4)) {
          const order = m.order({ orderStatus: 'TICKETED' });
          const time = Number(order['orderModifyTime']);
          await m.send('syncOrder', order);
          await m.send('syncOrder', {
            ...order,
            ...{ requestId: id(), orderStatus: 'USED', orderModifyTime: time + 1 },
          });
        }
      }),
    );
  },
  'a traffic limit of one operation, while others continue': async (m) => {
    await m.next({ result: 'REQUEST_TRAFFIC_EXCEED_LIMIT', status: 'U' });
    const order = m.order();
    await m.send('syncOrder', order);
    for (const _ of range(6))
      await m.send('syncAdditionalInfo', m.sample('syncAdditionalInfo', { accountId: id() }));
    await sleep(1100);
    await m.send('syncOrder', order);
  },
  'a test moves the clock, and returns': async (m) => {
    const set = (body: object): Promise<unknown> =>
      simulator.admin('PUT', `/clients/${m.client.clientId}/clock`, body);
    for (const body of [{ advanceMs: 3_600_000 }, { freeze: Date.now() - 86_400_000 }]) {
      await set(body);
      for (const _ of range(4)) await m.send('syncOrder', m.order());
      await set({ reset: true });
    }
    for (const _ of range(2)) await m.send('syncOrder', m.order());
  },
  'points of one card, many times in a second': async (m) => {
    const passId = id();
    for (const at of range(12)) {
      const card = m.sample('updateMembershipCard', { passId });
      const dataInfo = { ...(card['dataInfo'] as object), $points$: String(at * 10) };
      await m.send('updateMembershipCard', { ...card, dataInfo });
    }
  },
  'an order is saved again without a change': async (m) => {
    const order = m.order();
    const time = Number(order['orderModifyTime']);
    for (const at of range(5))
      await m.send('syncOrder', { ...order, requestId: id(), orderModifyTime: time + at });
  },
  'a file of the night is sent from its newest order to its oldest': async (m) => {
    const orders = range(12).map((at) => {
      const order = m.order();
      return { ...order, orderModifyTime: Number(order['orderModifyTime']) - at * 60_000 };
    });
    for (const order of orders) await m.send('syncOrder', order);
  },
  'the second worker finds the outcome of the first, of an open message': async (m) => {
    const order = m.order();
    await m.next({ fault: 'reset' });
    await m.send('syncOrder', order);
    await sleep(printed(1));
    const agent = new Agent({ keepAlive: true });
    await m.send('syncOrder', order, { agent });
    agent.destroy();
  },
};

/** Notes that are true, and useful. */
const knownNotes: Readonly<Record<string, string>> = {
  'a proxy gives up and asks the next server, times in whole seconds': 'L-RTY-06',
};

const play = async (name: string, run: Case): Promise<boolean> => {
  const client = await simulator.clients.create();
  const merchant = new Merchant(client);
  await run(merchant);
  merchant.agent.destroy();
  const findings = (await client.lintFindings()).filter(({ rule }) => rule !== knownNotes[name]);
  console.log(`${findings.length === 0 ? 'ok    ' : 'FOUND '} ${name}`);
  for (const { severity, rule, sentence } of findings)
    console.log(`         ${severity}: ${rule} ${sentence}`);
  return findings.length === 0;
};

const wanted = process.argv.slice(2);
const queue = Object.entries(cases).filter(
  ([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const count = queue.length;
const suspects: [string, Case][] = [];
const playQueue = async (): Promise<void> => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    if (!(await play(...next))) suspects.push(next);
};
let bad = 0;
try {
  await Promise.all(range(6).map(playQueue));
  // On a busy machine what should be simultaneous was not: a finding counts if it comes again
  // where the case has the machine to itself.
  if (suspects.length > 0) console.log('again, one at a time:');
  for (const suspect of suspects) if (!(await play(...suspect))) bad++;
  const { findings } = (await simulator.admin('GET', '/lint')) as {
    readonly findings: readonly { rule: string; clientId: string; sentence: string }[];
  };
  for (const { rule, sentence } of findings.filter(({ clientId }) => clientId === '')) {
    bad++;
    console.log(`FOUND  without a client: ${rule} ${sentence}`);
  }
  console.log(`${count} cases, ${bad} with findings`);
  process.exitCode = bad > 0 ? 1 : 0;
} finally {
  running.child.kill();
  await running.finished;
}
