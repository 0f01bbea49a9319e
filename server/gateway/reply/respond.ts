import type { Response } from 'express';
import type { OperationId } from '../../domain/contract/contract.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { sealingScheme } from '../../domain/settings/settings-table.ts';
import type { Playback } from '../../journal/playback.ts';
import type { ClientKeyrings } from '../../protocol/keys/keyring.ts';
import { withDiagnosticHeaders } from '../diagnostic-headers.ts';
import { type Exchange, StepError } from '../exchange.ts';
import {
  afterDelivery,
  type Outcome,
  type ResultTables,
  withFailedReply,
  withoutAnswer,
} from '../outcome.ts';
import type { RandomSource } from '../random.ts';
import { composeReply, type Reply, resultBody } from './compose-reply.ts';
import { createTarpit, pause, realTimer } from './delays.ts';
import { type Delivered, deliver, nothingDelivered } from './deliver.ts';
import { createSignatureCache } from './signature-cache.ts';

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
  res: Response,
  exchange: Exchange,
  outcome: Outcome,
  inPool: boolean,
) => Promise<readonly [outcome: Outcome, delivered: Delivered]>;

export const createResponder = (deps: ResponderDeps): Respond => {
  const tarpit = createTarpit(() => performance.now());
  const composeOrExplain = createComposer(deps);
  return async (res, exchange, decided, inPool) => {
    const { socket } = res.req;
    if (decided.kind === 'broken-off') return [decided, nothingDelivered(socket, exchange.nowUs)];
    const tarpitMs =
      deps.playback === undefined ? tarpit(decided.verdict, decided.known.client?.id ?? '') : 0;
    if (tarpitMs > 0) await pause(realTimer, socket, tarpitMs);
    if (decided.delivery.delayMs > 0) await pause(exchange.clock, socket, decided.delivery.delayMs);
    const { outcome, reply } = await composeOrExplain(exchange, decided, inPool);
    try {
      if (reply === undefined) throw outcome.error;
      const delivered = await deliver(res, reply, outcome.delivery, {
        nowUs: exchange.nowUs,
        onWritten: (written) => {
          exchange.tape.written = written;
        },
        waits: deps.playback === undefined,
      });
      return [afterDelivery(outcome, delivered.delivery), delivered];
    } catch (error) {
      socket.destroy();
      const failed = reply === undefined ? outcome : withFailedReply(outcome, error, deps.tables);
      return [withoutAnswer(failed), nothingDelivered(socket, exchange.nowUs)];
    }
  };
};

type Compose<T> = (exchange: Exchange, outcome: Outcome, inPool: boolean) => Promise<T>;

/** An outcome's reply; one that cannot be composed is replaced by one that says so, or by none. */
const createComposer = ({
  settings,
  parties,
  tables,
  random,
  onAnswer,
  playback,
}: ResponderDeps): Compose<{ readonly outcome: Outcome; readonly reply: Reply | undefined }> => {
  const scheme = sealingScheme(settings);
  const remember = createSignatureCache<string>();
  const compose: Compose<Reply> = async (exchange, outcome, inPool) => {
    const { id: tracerId } = exchange;
    const { known } = outcome;
    const platform = parties.platformFor(known.client?.id);
    const draw = random().bytesFor(tracerId);
    const reply = await exchange.step('reply', known, () =>
      composeReply(outcome, {
        ...{ tracerId, now: exchange.now(), platform, scheme, settings, inPool, remember },
        random: (count) => {
          const bytes = draw(count);
          exchange.tape.addDrawn(bytes);
          return bytes;
        },
        signTaped: playback?.sign,
      }),
    );
    return settings.wirePure ? reply : withDiagnosticHeaders(reply, exchange, outcome);
  };
  return async (exchange, outcome, inPool) => {
    try {
      const { known, result } = outcome;
      if (known.operation !== undefined)
        onAnswer?.(known.operation.id, resultBody(result.answer, known.operation, settings));
      return { outcome, reply: await compose(exchange, outcome, inPool) };
    } catch (error) {
      const failed = withFailedReply(outcome, unwrapCause(error), tables);
      const reply = await compose(exchange, failed, inPool).catch(() => undefined);
      return { outcome: failed, reply };
    }
  };
};

const unwrapCause = (error: unknown): unknown => (error instanceof StepError ? error.cause : error);
