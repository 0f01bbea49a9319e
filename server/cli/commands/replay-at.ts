import type { AdminClient } from '../../../sdk/admin/admin-client.ts';
import { type CapsuleExchange, unpackBody } from '../../fidelity/capsule/capsule-exchange.ts';
import {
  type CapsuleKey,
  clientIdOf,
  type ReadCapsule,
  unpackKeys,
} from '../../fidelity/capsule/capsule-file.ts';
import type { ReplayedExchange } from '../../fidelity/capsule/replay-capsule.ts';
import { readAnswerContent } from '../../fidelity/read-answer.ts';
import { requestUrl, TargetError } from '../../protocol/http-call.ts';
import { headersByName, type RawAnswer, sendRaw } from '../../protocol/send-raw.ts';

export interface ReplayAtOptions {
  /** Where requests go. It never comes from the capsule. */
  readonly url: string;
  /** The admin API there: it shows that this is a simulator, and why it decided as it did. */
  readonly admin: AdminClient;
  readonly expect: 'answer' | 'verdict';
  readonly timeoutMs: number;
}

/**
 * Sends the requests of a capsule to a running simulator, which has its own clock, state and keys.
 * Clients that it does not know are there for as long as the replay takes.
 * @throws AdminApiError when no simulator answers at the address
 */
export const replayAt = async (
  { capsule }: Pick<ReadCapsule, 'capsule'>,
  options: ReplayAtOptions,
): Promise<readonly ReplayedExchange[]> => {
  const { clients } = await options.admin.get('/clients');
  const made: string[] = [];
  const foreign = new Set<string>();
  try {
    for (const { clientId, keys } of capsule.clients) {
      const known = clients.find((one) => one.clientId === clientId);
      if (known === undefined) {
        await createClient(options.admin, clientId, keys);
        made.push(clientId);
      } else if (!hasKeys(known.keys, keys)) foreign.add(clientId);
    }
    const replayed: ReplayedExchange[] = [];
    for (const exchange of capsule.exchanges) {
      const { number, operation, verdict } = exchange;
      const base = { number, operation, references: verdict.references };
      const reason = whyNotSent(exchange, { url: options.url, foreign, made });
      replayed.push(
        reason === undefined
          ? { ...base, ...(await replayOne(exchange, options)) }
          : { ...base, result: 'not compared', reason },
      );
    }
    return replayed;
  } finally {
    for (const clientId of made)
      await options.admin.delete('/clients/{clientId}', { path: { clientId } });
  }
};

const createClient = async (
  admin: AdminClient,
  clientId: string,
  keys: readonly CapsuleKey[],
): Promise<void> => {
  const [first, ...others] = keys.toSorted((a, b) => a.version - b.version);
  if (first === undefined) return;
  const { publicKey, family } = first;
  await admin.post('/clients', { body: { clientId, publicKey, algorithm: algorithmOf(family) } });
  for (const { publicKey, family } of others)
    await admin.post('/clients/{clientId}/keys', {
      path: { clientId },
      body: { publicKey, algorithm: algorithmOf(family) },
    });
};

const algorithmOf = (family: CapsuleKey['family']): 'RSA256' | 'ECC224' =>
  family === 'RSA' ? 'RSA256' : 'ECC224';

const hasKeys = (
  known: readonly { readonly fingerprint: string }[],
  keys: readonly CapsuleKey[],
): boolean =>
  unpackKeys(keys, 'capsule').versions.every(({ fingerprint }) =>
    known.some((one) => one.fingerprint === fingerprint),
  );

const plainMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

interface ReplayPlace {
  readonly url: string;
  /** Clients that have other keys there. */
  readonly foreign: ReadonlySet<string>;
  /** Clients that have no records there. */
  readonly made: readonly string[];
}

/** A capsule is untrusted: nothing in it reaches another server, or the admin API. */
const whyNotSent = (
  exchange: CapsuleExchange,
  { url, foreign, made }: ReplayPlace,
): string | undefined => {
  const { request, notCompared, opening, before = [] } = exchange;
  const clientId = clientIdOf(exchange);
  if (notCompared !== undefined) return notCompared;
  if (!plainMethods.includes(request.method)) return `${request.method} is not sent`;
  try {
    if (/^\/__/i.test(decodeURIComponent(requestUrl(url, request.target).pathname)))
      return 'its path is not one of the gateway';
  } catch (error) {
    return error instanceof TargetError ? error.message : 'its path cannot be read';
  }
  if (foreign.has(clientId))
    return `the simulator has other keys for ${clientId}; export the exchange with --keep-data`;
  if (opening !== undefined && made.includes(clientId))
    return 'its symmetric key was wrapped for another platform';
  return made.includes(clientId) && before.some(([, , , value]) => value !== null)
    ? `it found ${before.length} records, which a new client does not have`
    : undefined;
};

const unsentHeaders = ['host', 'content-length', 'connection', 'transfer-encoding', 'expect'];

const replayOne = async (
  exchange: CapsuleExchange,
  { url, admin, expect, timeoutMs }: ReplayAtOptions,
): Promise<Pick<ReplayedExchange, 'result' | 'difference'>> => {
  const { request, reply, verdict } = exchange;
  const rawHeaders = request.headers
    .filter(([name]) => !unsentHeaders.includes(name.toLowerCase()))
    .flat();
  let answer: RawAnswer | undefined;
  try {
    const sent = { method: request.method, rawHeaders, body: unpackBody(request) };
    answer = await sendRaw(requestUrl(url, request.target), sent, { timeoutMs });
  } catch {
    // Compared below: a scripted fault may have been recorded as no answer too.
  }
  const seen = await readVerdict(answer, admin);
  for (const part of ['step', 'code', 'status'] as const) {
    const [recorded, replayed] = [verdict[part], seen[part] ?? verdict[part]];
    if (recorded !== replayed)
      return { result: 'differs', difference: { part, recorded, replayed } };
  }
  if (expect === 'answer' && answer !== undefined && reply?.headers !== undefined) {
    const [recorded, replayed] = [unpackBody(reply), answer.body].map((body) => body.toString());
    const isEncrypted = headersByName(answer.rawHeaders)['encrypt'] !== undefined;
    if (!isEncrypted && recorded !== undefined && replayed !== undefined && recorded !== replayed)
      return { result: 'differs', difference: { part: 'body', recorded, replayed } };
  }
  return { result: 'same' };
};

/** What the journal there says of the answer; without its entry, what the answer says. */
const readVerdict = async (
  answer: RawAnswer | undefined,
  admin: AdminClient,
): Promise<{ readonly step?: string; readonly code: string; readonly status: string }> => {
  if (answer === undefined) return { code: 'NO_ANSWER', status: 'U' };
  const id = headersByName(answer.rawHeaders)['tracer-id'] ?? '';
  if (/^\w+$/.test(id))
    try {
      return await admin.get('/journal/{id}', { path: { id } });
    } catch {
      // The journal is off, or too short: the answer has to do.
    }
  const { code, letter } = readAnswerContent(answer.body);
  return { code, status: letter };
};
