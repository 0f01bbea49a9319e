import { setTimeout as wait } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Settings } from '../config/settings-table.ts';
import type { Contract, OperationId } from '../contract/contract.ts';
import type { RequestValidator } from '../contract/request-validator.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Parties } from '../keyring/keyring.ts';
import type { SealingScheme } from '../protocol/sealing.ts';
import { createAccessCheck } from './check-access.ts';
import { type Conclusion, concludeDecision, concludeTrouble, toJournalEntry } from './conclusion.ts';
import { createDoctor } from './consult-doctor.ts';
import { type DecidingParts, decide } from './decide.ts';
import { decryptBody } from './decrypt-body.ts';
import { Exchange } from './exchange.ts';
import { identifyClient } from './identify-client.ts';
import { withMockHeaders } from './mock-headers.ts';
import { parseBody } from './parse-body.ts';
import { readHeaders } from './read-headers.ts';
import { CallerGone, createReceiver } from './receive.ts';
import { composeReply, deliver, resultBody } from './reply.ts';
import { newTracerId } from './tracer-id.ts';
import { validateRequest } from './validate-request.ts';
import { verifySignature } from './verify-signature.ts';

export interface GatewayParts {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly validate: RequestValidator;
  readonly parties: Parties;
  readonly deciding: DecidingParts;
  readonly journal: Journal;
  /** Shown every answer of an operation before it is sealed and signed. */
  readonly onAnswer?: (operationId: OperationId, answer: unknown) => void;
  /** Told of every exchange once it is over, with the bug behind it if there was one. */
  readonly onExchange: (entry: JournalEntry, error?: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The gateway: every request to the vendor's paths, from bytes to bytes. */
export const createGateway = (parts: GatewayParts): RequestHandler => {
  const { settings, contract, parties, now } = parts;
  const scheme: SealingScheme = {
    cipher: settings['encryption.mode'],
    wrap: settings['encryption.wrap'],
    keyForm: settings['encryption.keyForm'],
  };
  const receiver = createReceiver(contract, settings['limits.bodyBytes']);
  const checkAccess = createAccessCheck(settings.clients);
  const unsealing = { platform: parties.platform, scheme, clients: settings.clients };
  const replying = { platform: parties.platform, scheme, settings };
  const consultDoctor = createDoctor({ parties, scheme, ecc224: settings.ecc224, steadyNow: () => performance.now() });
  const strictFields = settings.strict.includes('unknownFields');

  /** The steps, in order (register G-01). Each one finds something out or refuses; only the reply touches `res`. */
  // biome-ignore format: the list is read as a table
  const decideExchange = async (req: Request, res: Response, exchange: Exchange): Promise<Conclusion> => {
    exchange.know(receiver.locate(req));
    const { target, operation, body } = await exchange.step('receive',          () => receiver.receive(req, res));
    const { headers }                 = await exchange.step('read-headers',     () => readHeaders(req, exchange, settings, now()));
    const { client }                  = await exchange.step('identify-client',  () => identifyClient(headers, parties.clients, settings.clients));
                                        await exchange.step('verify-signature', () => verifySignature({ target, headers, client, body }, settings.ecc224));
                                        await exchange.step('check-access',     () => checkAccess(req, { client, operation }, now()));
    const { plain }                   = await exchange.step('decrypt-body',     () => decryptBody({ headers, client, operation, body }, unsealing));
    const { request, fingerprint }    = await exchange.step('parse-body',       () => parseBody({ plain }));
                                        await exchange.step('validate-request', () => validateRequest({ operation, request }, exchange, parts.validate, strictFields));
    const committed                   = await exchange.time('decide',           () => decide({ client, operation, request, fingerprint }, parts.deciding));
    return concludeDecision(committed, exchange);
  };

  let exchanges = 0;
  return async (req, res) => {
    const exchange = new Exchange(`x${++exchanges}`, newTracerId(), now(), performance.now.bind(performance));
    try {
      const conclusion = await decideExchange(req, res, exchange).catch((error: unknown) => {
        const trouble = concludeTrouble(error, exchange, contract, settings.httpStatus);
        const diagnosis = consultDoctor(req, exchange, error);
        return diagnosis === undefined ? trouble : { ...trouble, diagnosis };
      });
      if (conclusion.delivery.delayMs > 0) await wait(conclusion.delivery.delayMs, undefined, { ref: false });
      if (exchange.facts.operation !== undefined)
        parts.onAnswer?.(exchange.facts.operation.id, resultBody(conclusion.told.answer, exchange.facts.operation.resultField));
      const composed = await exchange.time('reply', () => composeReply(exchange, conclusion, now(), replying));
      const reply = settings.wirePure ? composed : withMockHeaders(composed, exchange, conclusion);
      deliver(res, reply);
      const entry = toJournalEntry(req, exchange, conclusion, reply, now());
      parts.journal.add(entry);
      parts.onExchange(entry, conclusion.error);
    } catch (error) {
      if (!(error instanceof CallerGone)) throw error;
    }
  };
};
