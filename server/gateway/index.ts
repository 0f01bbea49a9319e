import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../clients/clock.ts';
import type { Seed } from '../clients/seed.ts';
import type { Contract, OperationId } from '../domain/contract/contract.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';

import { cpuNow, type DiagnosisQueue } from '../journal/diagnosis-queue.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { ClientKeyrings } from '../protocol/keys/keyring.ts';
import { ConnectionCounter } from './connection.ts';
import { ConcurrencyTracker } from './crypto-scheduler.ts';
import { createRefusalDiagnoser } from './diagnose-refusal.ts';
import { withDiagnosticHeaders } from './diagnostic-headers.ts';
import { Exchange, type Located, StepError } from './exchange.ts';
import {
  afterDelivery,
  fromError,
  type Outcome,
  withFailedReply,
  withoutAnswer,
} from './outcome.ts';
import { createRandomSource } from './random.ts';
import { RecordedExchange } from './record-exchange.ts';
import { Refusal } from './refusal.ts';
import { composeReply, type Reply, resultBody } from './reply/compose-reply.ts';
import { createTarpit, pause, realTimer } from './reply/delays.ts';
import { type Delivered, deliver, nothingDelivered } from './reply/deliver.ts';
import { createSignatureCache } from './reply/signature-cache.ts';
import type { RequestValidator } from './request-validator.ts';
import { createAccessCheck } from './steps/check-access.ts';
import { decide } from './steps/decide.ts';
import { decryptRequest } from './steps/decrypt-body.ts';
import { applyEarlyFaults, countEarlyCalls } from './steps/early-fault.ts';
import { claimedClient, identifyClient } from './steps/identify-client.ts';
import { parseBody } from './steps/parse-body.ts';
import { readHeaders } from './steps/read-headers.ts';
import { createReceiver } from './steps/receive.ts';
import type { DecideDeps } from './steps/select-rules.ts';

import { validateRequest } from './steps/validate-request.ts';
import { verifySignature } from './steps/verify-signature.ts';

export interface GatewayDeps {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly validate: RequestValidator;
  readonly parties: ClientKeyrings;
  readonly deciding: Omit<DecideDeps, 'tables'>;
  readonly journal: Journal;
  readonly diagnoses: DiagnosisQueue;
  /** Called with a bug in the doctor; the exchange is still answered. */
  readonly onDoctorError: (error: unknown) => void;
  /** Called with every answer of an operation before it is encrypted and signed. */
  readonly onAnswer?: ((operationId: OperationId, answer: unknown) => void) | undefined;
  /** Called with every exchange once it is over, and with the bug that ended it if one did. */
  readonly onExchange: (entry: JournalEntry, error?: unknown) => void;
  /** A client's own clock, or the simulator's. */
  readonly clockFor: (clientId: string | undefined) => Clock;
  readonly seed: Seed;
}

/** The gateway: every request to the vendor's paths, from bytes to bytes. */
export const createGateway = (deps: GatewayDeps): RequestHandler => {
  const { settings, contract, parties, diagnoses, journal } = deps;
  const scheme = sealingScheme(settings);
  const tables = { contract, httpStatus: settings.httpStatus };
  const deciding: DecideDeps = { ...deps.deciding, tables };
  const validating = { validate: deps.validate, strict: settings.strict };
  const receiver = createReceiver(contract, settings['limits.bodyBytes']);
  const checkAccess = createAccessCheck(settings.clients);
  // The platform's keys may change while the simulator runs.
  const decrypting = (clientId: string) => ({
    platform: parties.platformFor(clientId),
    scheme,
    clients: settings.clients,
  });
  const remember = createSignatureCache();
  const replying = (inPool: boolean, clientId: string | undefined) => ({
    platform: parties.platformFor(clientId),
    scheme,
    settings,
    inPool,
    remember,
  });
  const connections = new ConnectionCounter();
  const traffic = new ConcurrencyTracker(() => performance.now());
  const prepareDiagnosis = createRefusalDiagnoser({
    parties,
    scheme,
    ecc224: settings.ecc224,
    cpuNow,
    onError: deps.onDoctorError,
  });
  let random = createRandomSource(deps.seed.value);
  deps.seed.onSet((value) => {
    random = createRandomSource(value);
  });
  const tarpit = createTarpit(() => performance.now());

  /** Numbers the request, in the order in which heads arrive, and shows it as in flight. */
  const open = (req: Request, located: Located): Exchange => {
    const claimed = claimedClient(req.headers, deciding.rules.book);
    const exchange = new Exchange({
      number: journal.nextNumber(),
      tracerId: random.tracerId(claimed ?? ''),
      method: req.method,
      located,
      connection: connections.count(req.socket),
      clock: deps.clockFor(claimed),
      nowUs: monotonicUs,
    });
    journal.addOpen(exchange);
    return exchange;
  };

  /**
   * The steps, in order (register G-01). Each takes what is known and returns more, or refuses;
   * only `deliver` writes to `res`.
   */
  // biome-ignore format: the list is read as a table
  const decideExchange = async (req: Request, located: Located, exchange: Exchange, inPool: boolean): Promise<Outcome> => {
    const context       =       () => ({ headers: req.headers, isReused: exchange.connection.position > 1, seed: deps.seed.value, now: exchange.now() });
    const received      = await exchange.step('receive',          located,       () => receiver.receive(req, located, exchange.nowUs));
    const early         = await exchange.step('early-fault',      received,      () => applyEarlyFaults(received, context(), deciding));
    if ('verdict' in early) return early;
    const withHeaders   =       exchange.step('read-headers',     early,         () => readHeaders(req, early, exchange, settings));
    const identified    =       exchange.step('identify-client',  withHeaders,   () => identifyClient(withHeaders, parties.clients, settings.clients));
    const authenticated = await exchange.step('verify-signature', identified,    () => verifySignature(identified, settings.ecc224, exchange.now(), inPool));
                                exchange.step('check-access',     authenticated, () => checkAccess(req, authenticated, exchange.now()));
    const decrypted     =       exchange.step('decrypt-body',     authenticated, () => decryptRequest(authenticated, decrypting(authenticated.client.id), exchange.now()));
    const parsed        =       exchange.step('parse-body',       decrypted,     () => parseBody(decrypted.plain, settings['limits.depth']));
    const request       = await exchange.step('validate-request', decrypted,     () => validateRequest(decrypted.operation, parsed, exchange, validating));
    return                await exchange.step('decide',           decrypted,     () => decide(decrypted, { request, fingerprint: parsed.fingerprint }, context(), deciding));
  };

  /** A refused request still counts as a call of the scripted rules that it reached. */
  const countReached = async ({ known, cause }: StepError, now: number): Promise<void> => {
    if (known.early !== undefined && cause instanceof Refusal)
      await countEarlyCalls(known.early, now, deciding);
  };

  const concludeError = async (
    req: Request,
    exchange: Exchange,
    failure: StepError,
  ): Promise<Outcome> => {
    await countReached(failure, exchange.now());
    const outcome = fromError(failure, tables);
    const diagnose = prepareDiagnosis(req, failure);
    if (diagnose === undefined) return outcome;
    const budgetOf = outcome.known.client?.id ?? '';
    return {
      ...outcome,
      diagnosis: diagnoses.submit(budgetOf, diagnose, traffic.isAlone(req.socket)),
    };
  };

  const compose = async (exchange: Exchange, outcome: Outcome, inPool: boolean): Promise<Reply> => {
    const { id: tracerId } = exchange;
    const { known, result, delivery } = outcome;
    const reply = await exchange.step('reply', known, () =>
      composeReply(
        { tracerId, now: exchange.now(), known, result, delivery },
        random.bytesFor(tracerId),
        replying(inPool, known.client?.id),
      ),
    );
    return settings.wirePure ? reply : withDiagnosticHeaders(reply, exchange, outcome);
  };

  /** A reply that cannot be composed is replaced by one that says so, or by none. */
  const composeOrExplain = async (
    exchange: Exchange,
    outcome: Outcome,
    inPool: boolean,
  ): Promise<{ readonly outcome: Outcome; readonly reply: Reply | undefined }> => {
    try {
      const { known, result } = outcome;
      if (known.operation !== undefined)
        deps.onAnswer?.(known.operation.id, resultBody(result.answer, known.operation, settings));
      return { outcome, reply: await compose(exchange, outcome, inPool) };
    } catch (error) {
      const failed = withFailedReply(outcome, unwrapCause(error), tables);
      const reply = await compose(exchange, failed, inPool).catch(() => undefined);
      return { outcome: failed, reply };
    }
  };

  const answer = async (
    res: Response,
    exchange: Exchange,
    decided: Outcome,
    inPool: boolean,
  ): Promise<Ended> => {
    const { socket } = res.req;
    const tarpitMs = tarpit(decided.verdict, decided.known.client?.id ?? '');
    if (tarpitMs > 0) await pause(realTimer, socket, tarpitMs);
    if (decided.delivery.delayMs > 0) await pause(exchange.clock, socket, decided.delivery.delayMs);
    const { outcome, reply } = await composeOrExplain(exchange, decided, inPool);
    try {
      if (reply === undefined) throw outcome.error;
      const delivered = await deliver(res, reply, outcome.delivery, exchange.nowUs);
      return { outcome: afterDelivery(outcome, delivered.delivery), delivered };
    } catch (error) {
      socket.destroy();
      const failed = reply === undefined ? outcome : withFailedReply(outcome, error, tables);
      return {
        outcome: withoutAnswer(failed),
        delivered: nothingDelivered(socket, exchange.nowUs),
      };
    }
  };

  const record = (req: Request, exchange: Exchange, { outcome, delivered }: Ended): void => {
    const entry = new RecordedExchange(req, exchange, outcome, delivered);
    try {
      journal.add(entry);
    } finally {
      deps.onExchange(entry, outcome.error);
    }
  };

  return async (req, res) => {
    const located = receiver.locate(req);
    const exchange = open(req, located);
    const inPool = traffic.enter(req.socket);
    diagnoses.noteRequest();
    try {
      const outcome = await decideExchange(req, located, exchange, inPool).catch((error: unknown) =>
        concludeError(req, exchange, toStepError(error, located)),
      );
      const ended: Ended =
        outcome.kind === 'broken-off'
          ? { outcome, delivered: nothingDelivered(req.socket, exchange.nowUs) }
          : await answer(res, exchange, outcome, inPool);
      record(req, exchange, ended);
    } finally {
      journal.removeOpen(exchange.number);
      traffic.leave();
    }
  };
};

/** An exchange that is over, with what was delivered. */
interface Ended {
  readonly outcome: Outcome;
  readonly delivered: Delivered;
}

const toStepError = (error: unknown, located: Located): StepError =>
  error instanceof StepError ? error : new StepError('decide', located, error);

const unwrapCause = (error: unknown): unknown => (error instanceof StepError ? error.cause : error);

const monotonicUs = (): number => performance.now() * 1000;
