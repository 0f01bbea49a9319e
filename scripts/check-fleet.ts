/**
 * Lets several bundled simulators share an engine, breaks something under load in many rounds, and
 * compares what was answered with what is held: `npm run check:fleet -- --rounds 100`. Needs dist/
 * and redis-server or valkey-server.
 *
 * - What was answered S is held, and what is held was sent.
 * - An order has as many updates as it has request ids: nothing is doubled or half made.
 * - Two identical requests to two replicas are answered the same.
 * - All messages about one thing, in the order in which the engine took them, have the answers and
 *   the outcome of `fleet-model.ts`: the order of events and the statuses hold.
 * - No answer says F, but for a status that the model refuses too.
 *
 * Ten times a round, what was set at one replica or answered by it is asked of another.
 * `--only KIND` plays one kind, `--replicas N` so many simulators; `--fsync everysec` is how the
 * engine writes.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { MockServer } from '../server/app/create-server.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { readContract } from '../server/domain/contract/read-contract.ts';
import { shippedContract } from '../server/package-root.ts';
import { parseAddress } from '../server/storage/redis/address.ts';
import { RedisStore } from '../server/storage/redis/redis-store.ts';
import { collectAll } from '../server/storage/store.ts';
import { merchantAt } from '../test/merchant.ts';
import { type Running, runBundle } from '../test/run-bundle.ts';
import { demoClient, demoMerchant } from '../test/start-server.ts';
import { engineProgram, startCluster, startEngine } from '../test/storage/redis/engines.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';
import { FleetModel, type ModelMessage, modelStatuses } from './fleet-model.ts';
import { type AskedReplica, playAssertion, playSettings } from './fleet-settings.ts';

useOwnTemporaryFolder();

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    replicas: { type: 'string', default: '2' },
    only: { type: 'string' },
    fsync: { type: 'string', default: 'always' },
  },
});
const rounds = Number(options.rounds);
const replicaCount = Number(options.replicas);
const workers = 6;

const contract = readContract(shippedContract, settingsWith(), true).value;
if (contract === undefined) throw new Error('the contract cannot be read');

/** What of the load is known: every request, and how it was answered. */
class Record {
  readonly sent = new Set<string>();
  /** The code of each that was answered S or F. */
  readonly codes = new Map<string, string>();
  /** Of those that several callers send about one thing: what the model needs. */
  readonly messages = new Map<string, ModelMessage>();
  readonly problems: string[] = [];
  answered = 0;
  unanswered = 0;
  unknown = 0;
}

interface Replica extends AskedReplica {
  readonly running: Running;
  readonly merchant: ReturnType<typeof merchantAt>;
}

const startReplica = async (store: string): Promise<Replica> => {
  const args = ['serve', '--port', '0', '--log-level', 'info', '--store', store];
  const running = runBundle([...args, '--idempotency-max', '1000000']);
  const url = await running.url;
  const server = { url, contract, journal: { entries: [] } } as unknown as MockServer;
  const merchantOf = (clientId: string) => merchantAt(server, { ...demoMerchant(), clientId });
  return { running, url, merchantOf, merchant: merchantAt(server) };
};

type Answer = { readonly status: string; readonly code: string; readonly text: string } | undefined;
type Sample = ReturnType<Replica['merchant']['sample']>;

/** One request; undefined: no answer came. */
const call = async ({ merchant }: Replica, operation: string, body: Sample): Promise<Answer> => {
  try {
    const { status, code, fields } = await merchant.send(operation, body);
    return { status, code, text: JSON.stringify([code, status, fields]) };
  } catch {
    return undefined;
  }
};

/** Sends valid requests of all operations until it is stopped; each twice, to two replicas. */
const load = async (
  replicas: readonly Replica[],
  worker: string,
  record: Record,
  signal: AbortSignal,
): Promise<void> => {
  const [first] = replicas;
  if (first === undefined) return;
  const { sample } = first.merchant;
  for (let n = 1; !signal.aborted; n++) {
    const requestId = `r-${worker}-${n}`;
    const pair = [replicas[n % replicas.length], replicas[(n + 1) % replicas.length]];
    const bodies = [
      ['syncOrder', sample('syncOrder', orderOf(worker, requestId, n), 'PASS_TICKET')],
      ['syncPaymentInfo', sample('syncPaymentInfo', { requestId, accountId: requestId })],
      ['syncAccountLinkage', sample('syncAccountLinkage', { requestId })],
      ['syncAdditionalInfo', sample('syncAdditionalInfo', { requestId })],
      ['updateMembershipCard', sample('updateMembershipCard')],
    ] as const;
    const contested = composeContested(sample, worker, n);
    record.messages.set(`${contested.operation} ${contested.message.requestId}`, contested.message);
    const own = n % 4 === 0 ? bodies : bodies.slice(0, 2);
    for (const [operation, body] of [...own, [contested.operation, contested.body] as const]) {
      const hasId = 'requestId' in body;
      const key = `${operation} ${String(hasId ? body['requestId'] : requestId)}`;
      if (hasId) record.sent.add(key);
      const answers = await Promise.all(pair.map((one) => one && call(one, operation, body)));
      for (const one of answers) {
        if (one === undefined) record.unanswered++;
        else if (one.status === 'U') record.unknown++;
        else record.answered++;
        const mayFail = record.messages.has(key) && one?.code === 'ORDER_STATUS_INVALID';
        if (one?.status === 'F' && !mayFail)
          record.problems.push(`${key} was answered F: ${one.text}`);
        if (one !== undefined && one.status !== 'U' && hasId) record.codes.set(key, one.code);
      }
      // What an answer says of an order is how it is now, and others change a contested one.
      const isContested = record.messages.has(key);
      const texts = new Set(
        answers.flatMap((one) =>
          one === undefined || one.status === 'U' ? [] : [isContested ? one.code : one.text],
        ),
      );
      if (texts.size > 1) record.problems.push(`${key}: ${[...texts].join(' and ')}`);
    }
  }
};

const orderOf = (worker: string, requestId: string, n: number) => ({
  merchantBizNo: `order-${worker}`,
  orderCreateTime: 1_700_000_000_000,
  orderModifyTime: 1_700_000_000_000 + n,
  requestId,
});

const kinds = ['PASS_TICKET', 'LINE_UP', 'linkage'] as const;

/** A message about a thing that all callers of a round write to: any status, any of a few times. */
const composeContested = (
  sample: Replica['merchant']['sample'],
  worker: string,
  n: number,
): { readonly operation: string; readonly body: Sample; readonly message: ModelMessage } => {
  const requestId = `c-${worker}-${n}`;
  const random = createHash('sha256').update(requestId).digest();
  const kind = kinds[n % kinds.length] ?? 'linkage';
  const statuses = modelStatuses[kind];
  // The first half of them lead on more often than those that are final.
  const status = statuses[Math.floor((random.readUInt8(0) / 256) ** 2 * statuses.length)] ?? '';
  const time = 1_700_000_000_000 + (random.readUInt8(1) % 60);
  const round = worker.replace(/w\d+$/, '');
  const subject = `c-${round}-${Math.floor(n / 12)}-${n % kinds.length}`;
  const message = { requestId, subject, status, time };
  if (kind === 'linkage') {
    const linkage = { externalIdentityValue: subject, operateType: status, bizTime: time };
    const body = sample('syncAccountLinkage', { requestId, ...linkage });
    return { operation: 'syncAccountLinkage', body, message };
  }
  const times = { orderCreateTime: 1_700_000_000_000, orderModifyTime: time };
  const order = { merchantBizNo: subject, orderStatus: status, requestId, ...times };
  return { operation: 'syncOrder', body: sample('syncOrder', order, kind), message };
};

/** Compares what was answered with what is held. */
const compare = async (store: RedisStore, record: Record): Promise<string> => {
  const remembered = await collectAll((page) => store.list(demoClient, 'requests', page));
  const requests = remembered.map(([key]) => key);
  const codes = new Map(remembered.map(([key, { answer }]) => [key, answer.code]));
  for (const [key, code] of record.codes)
    if (codes.get(key) !== code)
      record.problems.push(`${key} was answered ${code}, and ${codes.get(key)} is held`);
  for (const key of codes.keys())
    if (!record.sent.has(key)) record.problems.push(`${key} is held and was not sent`);
  for (const [id, order] of await collectAll((page) => store.list(demoClient, 'orders', page))) {
    const worker = /^\["order-([^"]+)/.exec(id)?.[1];
    if (worker === undefined) continue;
    const own = requests.filter((key) => key.startsWith(`syncOrder r-${worker}-`));
    const latest = Math.max(...own.map((key) => Number(key.split('-').at(-1))));
    if (order.updates !== own.length)
      record.problems.push(`${id} has ${order.updates} updates and ${own.length} request ids`);
    if (order.eventTime !== 1_700_000_000_000 + latest)
      record.problems.push(`${id} is not what the latest committed request said`);
  }
  return compareWithModel(store, record, codes);
};

/** @param codes what is held, in the order in which the engine took it */
const compareWithModel = async (
  store: RedisStore,
  { messages, problems }: Record,
  codes: ReadonlyMap<string, string>,
): Promise<string> => {
  const model = new FleetModel();
  for (const [key, code] of codes) {
    const message = messages.get(key);
    const due = message === undefined ? code : model.apply(message);
    if (due !== code) problems.push(`${key} was answered ${code}, and the model says ${due}`);
  }
  const orders = await collectAll((page) => store.list(demoClient, 'orders', page));
  const linkages = await collectAll((page) => store.list(demoClient, 'linkages', page));
  const held = new Map(
    [...orders, ...linkages].map(([, { fields, eventTime, updates }]) => {
      const status = fields['orderStatus'] ?? fields['operateType'];
      const subject = String(fields['merchantBizNo'] ?? fields['externalIdentityValue']);
      return [subject, `${String(status)} of ${eventTime} after ${updates} updates`];
    }),
  );
  for (const [subject, { status, time, updates }] of model.states) {
    const due = `${status} of ${time} after ${updates} updates`;
    if (held.get(subject) !== due)
      problems.push(`${subject} is ${held.get(subject)}, and the model says ${due}`);
  }
  if (model.states.size === 0) problems.push('the model had nothing to judge');
  const refused = [...codes.values()].filter((code) => code === 'ORDER_STATUS_INVALID').length;
  return `${model.states.size} things by the model, ${refused} changes refused`;
};

interface Fleet {
  readonly url: string;
  readonly replicas: Replica[];
  readonly record: Record;
}

/** One round: load, something breaks in the middle of it, load again. */
const playRound = async (
  { replicas, record }: Fleet,
  name: string,
  breakIt: () => Promise<void>,
): Promise<void> => {
  const abort = new AbortController();
  const loads = Array.from({ length: workers }, (_, index) =>
    load(replicas, `${name}w${index}`, record, abort.signal),
  );
  await wait(250);
  await breakIt();
  await wait(250);
  abort.abort();
  await Promise.all(loads);
};

/** After something broke: until every replica can use the store again. */
const untilReady = async (replicas: readonly Replica[]): Promise<void> => {
  for (const { running } of replicas) {
    const url = `${await running.url}/__admin/ready`;
    while (!(await fetch(url)).ok) await wait(20);
  }
};

const open = async (url: string): Promise<RedisStore> => {
  const address = parseAddress(url);
  if (typeof address === 'string') throw new Error(address);
  return RedisStore.open(
    { address, prefix: 'alipayhk-mock', waitMs: 5000, onLoss: 'startAgain', onWarning: () => {} },
    { requests: 1_000_000, bytes: 0 },
  );
};

/** All rounds of one kind, on an engine of their own. */
const playKind = async (
  name: string,
  url: string,
  breakIt: (fleet: Fleet, round: number) => Promise<void>,
): Promise<void> => {
  const record = new Record();
  const replicas = await Promise.all(Array.from({ length: replicaCount }, () => startReplica(url)));
  const fleet: Fleet = { url, replicas, record };
  const store = await open(url);
  let compared = '';
  try {
    for (let round = 1; round <= rounds; round++) {
      await playRound(fleet, `${name}${round}`, () => breakIt(fleet, round));
      await untilReady(replicas);
    }
    await untilUsable(store);
    compared = await compare(store, record);
  } finally {
    for (const { running } of replicas) running.child.kill('SIGKILL');
    await store.close();
  }
  const { answered, unknown, unanswered, problems } = record;
  console.log(
    `${problems.length === 0 ? 'ok' : 'FAILED'}: ${rounds} rounds, ${name}: ${answered} answered, ` +
      `${unknown} with U, ${unanswered} not answered, ${compared}, ` +
      `${problems.length} contradictions`,
  );
  for (const problem of problems.slice(0, 10)) console.log(`    ${problem}`);
  if (problems.length > 0 || answered === 0) process.exitCode = 1;
};

const turnsInRound = 10;

/** What was set at one replica or answered by it, asked of the next. */
const playTurns = async (
  name: string,
  store: string,
  play: (one: AskedReplica, other: AskedReplica, turn: number) => Promise<readonly string[]>,
): Promise<void> => {
  const replicas = await Promise.all(
    Array.from({ length: replicaCount }, () => startReplica(store)),
  );
  const problems: string[] = [];
  try {
    for (let turn = 1; turn <= turnsInRound * rounds; turn++) {
      const [one, other] = [turn, turn + 1].map((at) => replicas[at % replicas.length]);
      if (one === undefined || other === undefined) break;
      problems.push(...(await play(one, other, turn)));
    }
  } finally {
    for (const { running } of replicas) running.child.kill('SIGKILL');
  }
  console.log(
    `${problems.length === 0 ? 'ok' : 'FAILED'}: ${turnsInRound * rounds} times, ${name}: ` +
      `${problems.length} contradictions`,
  );
  for (const problem of problems.slice(0, 10)) console.log(`    ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
};

const untilUsable = async (store: RedisStore): Promise<void> => {
  while (!store.health.isUsable) await wait(20);
};

const isWanted = (name: string): boolean => options.only === undefined || options.only === name;

if (engineProgram === undefined) {
  console.log('skipped: neither redis-server nor valkey-server is installed');
  process.exit(0);
}

if (['killed replica', 'killed engine', 'frozen engine', 'full memory'].some(isWanted)) {
  const durable = ['--appendonly', 'yes', '--appendfsync', options.fsync];
  if (isWanted('killed replica')) {
    const engine = await startEngine(durable);
    await playKind('killed replica', engine.url, async ({ replicas, url }) => {
      const index = replicas.length - 1;
      replicas[index]?.running.child.kill('SIGKILL');
      await wait(100);
      replicas[index] = await startReplica(url);
    });
    await engine.stop();
  }
  if (isWanted('killed engine')) {
    const engine = await startEngine(durable);
    await playKind('killed engine', engine.url, async () => {
      engine.kill('SIGKILL');
      await wait(100);
      await engine.restart();
    });
    await engine.stop();
  }
  if (isWanted('frozen engine')) {
    const engine = await startEngine(durable);
    await playKind('frozen engine', engine.url, async () => {
      engine.kill('SIGSTOP');
      await wait(1300);
      engine.kill('SIGCONT');
    });
    await engine.stop();
  }
  if (isWanted('full memory')) {
    const engine = await startEngine(durable);
    await playKind('full memory', engine.url, async () => {
      await engine.cli('config', 'set', 'maxmemory', '1000000');
      await wait(300);
      await engine.cli('config', 'set', 'maxmemory', '0');
    });
    await engine.stop();
  }
}

if (['settings', 'assertions'].some(isWanted)) {
  const engine = await startEngine();
  if (isWanted('settings'))
    await playTurns('settings', engine.url, (one, other, turn) =>
      playSettings(one, other, `TURN${turn}`),
    );
  if (isWanted('assertions')) await playTurns('assertions', engine.url, playAssertion);
  await engine.stop();
}

if (isWanted('moved slot')) {
  const cluster = await startCluster();
  const slot = await cluster.nodes[0]?.cli('cluster', 'keyslot', `x:{${demoClient}}`);
  const ids = await Promise.all(cluster.nodes.map((node) => node.cli('cluster', 'myid')));
  const slots = await cluster.nodes[0]?.cli('cluster', 'nodes');
  /** Which node has the slot, to begin with. */
  let at = ids.findIndex((id) => {
    const ranges = slots?.split('\n').find((line) => line.startsWith(id));
    return ranges?.split(' ').some((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return (
        /^\d+(-\d+)?$/.test(range) && Number(slot) >= Number(from) && Number(slot) <= Number(to)
      );
    });
  });
  await playKind('moved slot', cluster.url, async () => {
    const to = (at + 1) % ids.length;
    const [source, target] = [cluster.nodes[at], cluster.nodes[to]];
    const [sourceId = '', targetId = ''] = [ids[at], ids[to]];
    await target?.cli('cluster', 'setslot', slot ?? '', 'importing', sourceId);
    await source?.cli('cluster', 'setslot', slot ?? '', 'migrating', targetId);
    for (;;) {
      const keys = (await source?.cli('cluster', 'getkeysinslot', slot ?? '', '3')) ?? '';
      if (keys === '') break;
      for (const key of keys.split('\n'))
        await source?.cli('migrate', '127.0.0.1', String(target?.port), key, '0', '5000');
    }
    for (const node of [target, source, ...cluster.nodes])
      await node?.cli('cluster', 'setslot', slot ?? '', 'node', targetId);
    at = to;
  });
  await cluster.stop();
}
process.exit();
