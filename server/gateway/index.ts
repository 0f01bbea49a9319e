import type { Request, RequestHandler } from 'express';
import type { Clock } from '../clock/clock.ts';
import type { Seed } from '../clock/seed.ts';
import { sealingScheme } from '../config/sealing-scheme.ts';
import type { Settings } from '../config/settings-table.ts';
import type { Contract, OperationId } from '../contract/contract.ts';
import type { RequestValidator } from '../contract/request-validator.ts';
import { machineTime, pause } from '../faults/pause.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Parties } from '../keyring/keyring.ts';
import { createChance } from './chance.ts';
import { createAccessCheck } from './check-access.ts';
import { type Conclusion, concludeDecision, concludeTrouble } from './conclusion.ts';
import { createDoctor } from './consult-doctor.ts';
import { type DecidingParts, decide } from './decide.ts';
import { decryptBody } from './decrypt-body.ts';
import { deliver } from './deliver.ts';
import { Exchange } from './exchange.ts';
import { claimedClient, identifyClient } from './identify-client.ts';
import { withMockHeaders } from './mock-headers.ts';
import { parseBody } from './parse-body.ts';
import { readHeaders } from './read-headers.ts';
import { CallerGone, createReceiver } from './receive.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import { createSignatureMemory } from './remembered-signatures.ts';
import { composeReply, resultBody } from './reply.ts';
import { strikeEarly } from './strike-early.ts';
import { createTarpit } from './tarpit.ts';
import { Traffic } from './traffic.ts';
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
  /** A client's own clock, or the simulator's. */
  readonly clockOf: (clientId: string | undefined) => Clock;
  readonly seed: Seed;
}

/** The gateway: every request to the vendor's paths, from bytes to bytes. */
export const createGateway = (parts: GatewayParts): RequestHandler => {
  const { settings, contract, parties } = parts;
  const scheme = sealingScheme(settings);
  const receiver = createReceiver(contract, settings['limits.bodyBytes']);
  const checkAccess = createAccessCheck(settings.clients);
  // The platform's keys may change while the simulator runs.
  const unsealing = () => ({ platform: parties.platform, scheme, clients: settings.clients });
  const remember = createSignatureMemory();
  const replying = (inPool: boolean) => ({ platform: parties.platform, scheme, settings, inPool, remember });
  const traffic = new Traffic(() => performance.now());
  const consultDoctor = createDoctor({ parties, scheme, ecc224: settings.ecc224, steadyNow: () => performance.now() });
  let chance = createChance(parts.seed.value);
  parts.seed.onSet((value) => {
    chance = createChance(value);
  });
  const tarpit = createTarpit(() => performance.now());

  /** The steps, in order (register G-01). Each one finds something out or refuses; only the reply touches `res`. */
  // biome-ignore format: the list is read as a table
  const decideExchange = async (req: Request, exchange: Exchange, inPool: boolean): Promise<Conclusion> => {
    const located = exchange.know(receiver.locate(req));
    const { target, operation, body } = await exchange.step('receive',          () => receiver.receive(req, located));
                                        await exchange.step('strike-early',     () => strikeEarly({ operation }, req.headers, parts.deciding, parts.seed.value, exchange.now()));
    const { headers }                 =       exchange.step('read-headers',     () => readHeaders(req, exchange, settings, exchange.now()));
    const { client }                  =       exchange.step('identify-client',  () => identifyClient(headers, parties.clients, settings.clients));
                                        await exchange.step('verify-signature', () => verifySignature({ target, headers, client, body }, settings.ecc224, exchange.now(), inPool));
                                              exchange.step('check-access',     () => checkAccess(req, { client, operation }, exchange.now()));
    const { plain }                   =       exchange.step('decrypt-body',     () => decryptBody({ headers, client, operation, body }, unsealing(), exchange.now()));
    const parsed                      =       exchange.step('parse-body',       () => parseBody({ plain }, settings['limits.depth']));
    const { request }                 = await exchange.step('validate-request', () => validateRequest({ operation, request: parsed.request, losses: parsed.losses }, exchange, parts.validate, settings.strict));
    const committed                   = await exchange.time('decide',           () => decide({ client, operation, request, fingerprint: parsed.fingerprint }, req.headers, parts.deciding, parts.seed.value, exchange.now()));
    return concludeDecision(committed, exchange);
  };

  return async (req, res) => {
    const claimed = claimedClient(req.headers, parts.deciding.rules.book);
    const clock = parts.clockOf(claimed);
    const exchange = new Exchange(chance.tracerId(claimed ?? ''), clock.now, () => performance.now() * 1000);
    const inPool = traffic.enter(req.socket);
    try {
      const conclusion = await decideExchange(req, exchange, inPool).catch((error: unknown) => {
        const trouble = concludeTrouble(error, exchange, contract, settings.httpStatus);
        const diagnosis = consultDoctor(req, exchange, error);
        return diagnosis === undefined ? trouble : { ...trouble, diagnosis };
      });
      const tarpitMs = tarpit(conclusion.verdict);
      if (tarpitMs > 0) await pause(machineTime, req.socket, tarpitMs);
      if (conclusion.delivery.delayMs > 0) await pause(clock, req.socket, conclusion.delivery.delayMs);
      if (exchange.facts.operation !== undefined)
        parts.onAnswer?.(exchange.facts.operation.id, resultBody(conclusion.told.answer, exchange.facts.operation, settings));
      const composed = await exchange.time('reply', () =>
        composeReply(exchange, conclusion, chance.bytesFor(exchange.tracerId), replying(inPool)),
      );
      const reply = settings.wirePure ? composed : withMockHeaders(composed, exchange, conclusion);
      const delivered = await deliver(res, reply, conclusion.delivery);
      const entry = new RecordedExchange(req, exchange, conclusion, delivered, parts.journal.nextNumber());
      parts.journal.add(entry);
      parts.onExchange(entry, conclusion.error);
    } catch (error) {
      if (!(error instanceof CallerGone)) throw error;
    } finally {
      traffic.leave();
    }
  };
};
