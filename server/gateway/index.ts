import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../clients/clock.ts';
import type { Seed } from '../clients/seed.ts';
import type { Contract, OperationId } from '../domain/contract/contract.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';

import { cpuNow, type DiagnosisQueue } from '../journal/diagnosis-queue.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Keyrings } from '../protocol/keys/keyring.ts';
import { ConcurrencyTracker } from './crypto-scheduler.ts';
import { createRefusalDiagnoser } from './diagnose-refusal.ts';
import { withDiagnosticHeaders } from './diagnostic-headers.ts';
import { Exchange } from './exchange.ts';
import {
  concludeLateFailure,
  fromDecision,
  fromError,
  type Outcome,
  withoutAnswer,
} from './outcome.ts';
import { createRandomSource } from './random.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import {
  composeReply,
  internalErrorResult,
  type Reply,
  resultBody,
} from './reply/compose-reply.ts';
import { createTarpit, pause, realTimer } from './reply/delays.ts';
import { deliver } from './reply/deliver.ts';
import { createSignatureCache } from './reply/signature-cache.ts';
import type { RequestValidator } from './request-validator.ts';
import { createAccessCheck } from './steps/check-access.ts';
import { applyEarlyFaults, type DecideDeps, decide } from './steps/decide.ts';
import { openRequestBody } from './steps/decrypt-body.ts';
import { claimedClient, identifyClient } from './steps/identify-client.ts';
import { parseBody } from './steps/parse-body.ts';
import { readHeaders } from './steps/read-headers.ts';
import { ClientDisconnected, createReceiver } from './steps/receive.ts';

import { validateRequest } from './steps/validate-request.ts';
import { verifySignature } from './steps/verify-signature.ts';

export interface GatewayDeps {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly validate: RequestValidator;
  readonly parties: Keyrings;
  readonly deciding: DecideDeps;
  readonly journal: Journal;
  readonly diagnoses: DiagnosisQueue;
  /** Called with a bug in the doctor; the exchange is answered all the same. */
  readonly onDoctorError: (error: unknown) => void;
  /** Shown every answer of an operation before it is sealed and signed. */
  readonly onAnswer?: (operationId: OperationId, answer: unknown) => void;
  /** Told of every exchange once it is over, with the bug behind it if there was one. */
  readonly onExchange: (entry: JournalEntry, error?: unknown) => void;
  /** A client's own clock, or the simulator's. */
  readonly clockFor: (clientId: string | undefined) => Clock;
  readonly seed: Seed;
}

/** The gateway: every request to the vendor's paths, from bytes to bytes. */
export const createGateway = (parts: GatewayDeps): RequestHandler => {
  const { settings, contract, parties, diagnoses } = parts;
  const scheme = sealingScheme(settings);
  const receiver = createReceiver(contract, settings['limits.bodyBytes']);
  const checkAccess = createAccessCheck(settings.clients);
  // The platform's keys may change while the simulator runs.
  const unsealing = () => ({ platform: parties.platform, scheme, clients: settings.clients });
  const remember = createSignatureCache();
  const replying = (inPool: boolean) => ({
    platform: parties.platform,
    scheme,
    settings,
    inPool,
    remember,
  });
  const traffic = new ConcurrencyTracker(() => performance.now());
  const consultDoctor = createRefusalDiagnoser({
    parties,
    scheme,
    ecc224: settings.ecc224,
    cpuNow,
    onError: parts.onDoctorError,
  });
  let chance = createRandomSource(parts.seed.value);
  parts.seed.onSet((value) => {
    chance = createRandomSource(value);
  });
  const tarpit = createTarpit(() => performance.now());

  /**
   * The steps, in order (register G-01). Each one finds something out or refuses; only the reply
   * touches `res`.
   */
  // biome-ignore format: the list is read as a table
  const decideExchange = async (req: Request, exchange: Exchange, inPool: boolean): Promise<Outcome> => {
    const located = exchange.know(receiver.locate(req));
    const { target, operation, body } = await exchange.step('receive',          () => receiver.receive(req, located));
                                        await exchange.step('strike-early',     () => applyEarlyFaults({ operation }, req.headers, parts.deciding, parts.seed.value, exchange.now()));
    const { headers }                 =       exchange.step('read-headers',     () => readHeaders(req, exchange, settings, exchange.now()));
    const { client }                  =       exchange.step('identify-client',  () => identifyClient(headers, parties.clients, settings.clients));
                                        await exchange.step('verify-signature', () => verifySignature({ target, headers, client, body }, settings.ecc224, exchange.now(), inPool));
                                              exchange.step('check-access',     () => checkAccess(req, { client, operation }, exchange.now()));
    const { plain }                   =       exchange.step('decrypt-body',     () => openRequestBody({ headers, client, operation, body }, unsealing(), exchange.now()));
    const parsed                      =       exchange.step('parse-body',       () => parseBody({ plain }, settings['limits.depth']));
    const { request }                 = await exchange.step('validate-request', () => validateRequest({ operation, request: parsed.request, losses: parsed.losses }, exchange, parts.validate, settings.strict));
    const committed                   = await exchange.time('decide',           () => decide({ client, operation, request, fingerprint: parsed.fingerprint }, req.headers, parts.deciding, parts.seed.value, exchange.now()));
    exchange.isDecided = true;
    return fromDecision(committed, exchange);
  };

  const concludeRefusal = (req: Request, exchange: Exchange, error: unknown): Outcome => {
    const trouble = fromError(error, exchange, contract, settings.httpStatus);
    const examine = consultDoctor(req, exchange, error);
    if (examine === undefined) return trouble;
    return {
      ...trouble,
      diagnosis: diagnoses.submit(
        exchange.context.client?.id ?? '',
        examine,
        traffic.isAlone(req.socket),
      ),
    };
  };

  const compose = async (
    exchange: Exchange,
    conclusion: Outcome,
    inPool: boolean,
  ): Promise<Reply> => {
    const composed = await exchange.time('reply', () =>
      composeReply(exchange, conclusion, chance.bytesFor(exchange.tracerId), replying(inPool)),
    );
    return settings.wirePure ? composed : withDiagnosticHeaders(composed, exchange, conclusion);
  };

  const answer = async (
    req: Request,
    res: Response,
    { exchange, conclusion, inPool }: Concluded,
  ): Promise<Ended> => {
    const tarpitMs = tarpit(conclusion.verdict, exchange.context.client?.id ?? '');
    if (tarpitMs > 0) await pause(realTimer, req.socket, tarpitMs);
    if (conclusion.delivery.delayMs > 0)
      await pause(exchange.clock, req.socket, conclusion.delivery.delayMs);
    const { operation } = exchange.context;
    if (operation !== undefined)
      parts.onAnswer?.(operation.id, resultBody(conclusion.told.answer, operation, settings));
    const reply = await compose(exchange, conclusion, inPool);
    exchange.isDelivering = true;
    return { conclusion, reply: await deliver(res, reply, conclusion.delivery) };
  };

  /**
   * The outcome is settled but could not be answered as it should: an answer of its own, or none;
   * never an F for what is committed.
   */
  const answerLateFailure = async (
    req: Request,
    res: Response,
    { exchange, conclusion, inPool }: Concluded,
    error: unknown,
  ): Promise<Ended> => {
    const failed = concludeLateFailure(
      error,
      exchange,
      conclusion,
      internalErrorResult(exchange, contract, settings.httpStatus),
    );
    try {
      if (exchange.isDelivering) throw error;
      const reply = await compose(exchange, failed, inPool);
      exchange.isDelivering = true;
      return { conclusion: failed, reply: await deliver(res, reply, failed.delivery) };
    } catch {
      req.socket.destroy();
      return { conclusion: withoutAnswer(failed), reply: noReply };
    }
  };

  const record = (req: Request, exchange: Exchange, { conclusion, reply }: Ended): void => {
    const entry = new RecordedExchange(
      req,
      exchange,
      conclusion,
      reply,
      parts.journal.nextNumber(),
    );
    try {
      parts.journal.add(entry);
    } finally {
      parts.onExchange(entry, conclusion.error);
    }
  };

  return async (req, res) => {
    const claimed = claimedClient(req.headers, parts.deciding.rules.book);
    const clock = parts.clockFor(claimed);
    const exchange = new Exchange(
      chance.tracerId(claimed ?? ''),
      clock,
      () => performance.now() * 1000,
    );
    const inPool = traffic.enter(req.socket);
    diagnoses.noteRequest();
    try {
      const conclusion = await decideExchange(req, exchange, inPool).catch((error: unknown) =>
        concludeRefusal(req, exchange, error),
      );
      const concluded: Concluded = { exchange, conclusion, inPool };
      const ended = await answer(req, res, concluded).catch((error: unknown) =>
        answerLateFailure(req, res, concluded, error),
      );
      record(req, exchange, ended);
    } catch (error) {
      if (!(error instanceof ClientDisconnected)) throw error;
    } finally {
      traffic.leave();
    }
  };
};

/** An exchange whose outcome is settled, and that is to be answered. */
interface Concluded {
  readonly exchange: Exchange;
  readonly conclusion: Outcome;
  readonly inPool: boolean;
}

/** An exchange that is over, with what was delivered. */
interface Ended {
  readonly conclusion: Outcome;
  readonly reply: Reply;
}

const noReply: Reply = { httpStatus: 0, headers: {}, body: Buffer.alloc(0) };
