import type { ServerResponse } from 'node:http';
import type { OperationId } from '../../domain/contract/contract.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import type { Playback } from '../../journal/journal-entry.ts';
import type { ClientKeyrings } from '../../protocol/keys/keyring.ts';
import { type Exchange, StepError } from '../exchange.ts';
import {
  afterDelivery,
  type Outcome,
  type ResultTables,
  withFailedReply,
  withoutAnswer,
} from '../outcome.ts';
import type { RandomSource } from '../random.ts';
import { composeReply, createSignatureCache, type Reply, resultBody } from './compose-reply.ts';
import {
  createTarpit,
  type Delivered,
  deliver,
  nothingDelivered,
  pause,
  realTimer,
} from './deliver.ts';

export interface ResponderDeps {
  readonly settings: Settings;
  readonly parties: ClientKeyrings;
  readonly tables: ResultTables;
  /** The present one: a reset may begin the random numbers again. */
  readonly random: () => RandomSource;
  /** Called with every answer of an operation before it is encrypted and signed. */
  readonly onAnswer?: ((operationId: OperationId, answer: unknown) => void) | undefined;
  /** Answers of a replay come at once. */
  readonly playback?: Playback | undefined;
}

/**
 * Responds with an outcome: waits as it says, composes its reply and delivers that.
 * @returns the outcome in view of what was delivered
 */
export type Respond = (
  res: ServerResponse,
  exchange: Exchange,
  outcome: Outcome,
  inPool: boolean,
) => Promise<readonly [outcome: Outcome, delivered: Delivered]>;

export const createResponder = (deps: ResponderDeps): Respond => {
  const tarpit = createTarpit(() => performance.now());
  const composeOrExplain = createComposer(deps);
  const waits = deps.playback === undefined;
  return async (res, exchange, decided, inPool) => {
    const { socket } = res.req;
    if (decided.kind === 'broken-off') return [decided, nothingDelivered(socket, exchange.nowUs)];
    const tarpitMs =
      deps.playback === undefined ? tarpit(decided.verdict, decided.known.client?.id ?? '') : 0;
    if (tarpitMs > 0) await pause(realTimer, socket, tarpitMs);
    if (decided.delivery.delayMs > 0) await pause(exchange.clock, socket, decided.delivery.delayMs);
    const composed = composeOrExplain(exchange, decided, inPool);
    const [outcome, reply] = composed instanceof Promise ? await composed : composed;
    try {
      if (reply === undefined) throw outcome.error;
      const sent = deliver(res, reply, { plan: outcome.delivery, waits }, exchange);
      const delivered = sent instanceof Promise ? await sent : sent;
      return [afterDelivery(outcome, delivered.delivery), delivered];
    } catch (error) {
      socket.destroy();
      const failed = reply === undefined ? outcome : withFailedReply(outcome, error, deps.tables);
      return [withoutAnswer(failed), nothingDelivered(socket, exchange.nowUs)];
    }
  };
};

type Compose<T> = (exchange: Exchange, outcome: Outcome, inPool: boolean) => T | Promise<T>;

/** An outcome's reply; one that cannot be composed is replaced by one that says so, or by none. */
const createComposer = ({
  settings,
  parties,
  tables,
  random,
  onAnswer,
  playback,
}: ResponderDeps): Compose<readonly [outcome: Outcome, reply: Reply | undefined]> => {
  const scheme = sealingScheme(settings);
  const remember = createSignatureCache<string>();
  const signTaped = playback?.sign;
  const compose: Compose<Reply> = (exchange, outcome, inPool) => {
    const { id: tracerId } = exchange;
    const { known } = outcome;
    const platform = parties.platformFor(known.client?.id);
    // Nearly no answer is encrypted.
    let drawNext: ((count: number) => Buffer) | undefined;
    const draw = (count: number): Buffer => {
      drawNext ??= random().bytesFor(tracerId);
      const bytes = drawNext(count);
      exchange.tape.addDrawn(bytes);
      return bytes;
    };
    const reply = exchange.step('reply', known, () =>
      composeReply(outcome, {
        tracerId,
        now: exchange.now(),
        random: draw,
        platform,
        scheme,
        settings,
        inPool,
        remember,
        signTaped,
      }),
    );
    const finish = (composed: Reply): Reply => {
      if (!settings.wirePure) addDiagnosticHeaders(composed, exchange, outcome);
      return composed;
    };
    return reply instanceof Promise ? reply.then(finish) : finish(reply);
  };
  const explain = async (exchange: Exchange, failed: Outcome, inPool: boolean) => {
    try {
      return [failed, await compose(exchange, failed, inPool)] as const;
    } catch {
      return [failed, undefined] as const;
    }
  };
  const withError = (outcome: Outcome, error: unknown): Outcome =>
    withFailedReply(outcome, unwrapCause(error), tables);
  return (exchange, outcome, inPool) => {
    try {
      const { known, result } = outcome;
      if (known.operation !== undefined)
        onAnswer?.(known.operation.id, resultBody(result.answer, known.operation, settings));
      const reply = compose(exchange, outcome, inPool);
      return reply instanceof Promise
        ? reply.then(
            (composed) => [outcome, composed],
            (error: unknown) => explain(exchange, withError(outcome, error), inPool),
          )
        : [outcome, reply];
    } catch (error) {
      return explain(exchange, withError(outcome, error), inPool);
    }
  };
};

const unwrapCause = (error: unknown): unknown => (error instanceof StepError ? error.cause : error);

/**
 * Adds our own headers, which show a developer what happened, to a reply that was made for this
 * exchange; outside what is signed, and switched off by `wirePure`.
 */
const addDiagnosticHeaders = ({ headers }: Reply, exchange: Exchange, outcome: Outcome): void => {
  const finding = findingText(exchange, outcome);
  headers['x-mock-request-id'] = exchange.id;
  if (finding !== undefined) headers['x-mock-finding'] = plainText(finding);
};

const findingText = (
  { id, findings }: Exchange,
  { diagnosis, findings: decided }: Outcome,
): string | undefined => {
  const first = findings[0] ?? decided?.[0];
  const found = diagnosis?.result?.cause ?? (diagnosis === undefined ? first : undefined);
  // Two mistakes at once: a client that corrects only the first one is refused again.
  const also = diagnosis?.result?.alsoCause;
  if (found !== undefined)
    return `${found.id}: ${found.sentence}${also === undefined ? '' : ` Also ${also.id}: ${also.sentence}`}`;
  if (diagnosis === undefined) return undefined;
  const read = `alipayhk-mock journal show ${id}, or GET /__admin/journal/${id}`;
  return diagnosis.isPending
    ? `PENDING: the diagnosis is made later (${diagnosis.pendingInAll} pending), or when you read it: ${read}`
    : `UNEXPLAINED: no cause is proved; what is certain: ${read}`;
};

/** A header carries visible ASCII only. */
const plainText = (sentence: string): string =>
  sentence.replaceAll('’', "'").replace(/[^\x20-\x7e]/gu, '?');
