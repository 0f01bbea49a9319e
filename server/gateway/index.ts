import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Seed } from '../clients/clock.ts';
import type { Contract, OperationId } from '../domain/contract/contract.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';
import { cpuNow, type DiagnosisQueue } from '../journal/diagnosis-queue.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry, Playback } from '../journal/journal-entry.ts';
import type { ClientKeyrings } from '../protocol/keys/keyring.ts';
import { SettingsChangedError } from '../storage/store.ts';
import { ConcurrencyTracker, ConnectionCounter } from './connection.ts';
import { createRefusalDiagnoser } from './diagnose-refusal.ts';
import {
  Exchange,
  type ExchangeClock,
  type ExchangeOptions,
  type Known,
  type Received,
  Refusal,
  StepError,
  toStepError,
} from './exchange.ts';
import { fromError, type Outcome } from './outcome.ts';
import { createRandomSource, type RandomSource, tapedRandomSource } from './random.ts';
import { RecordedExchange } from './record-exchange.ts';
import type { Delivered } from './reply/deliver.ts';
import { createResponder } from './reply/respond.ts';
import type { RequestValidator } from './request-validator.ts';
import { createAccessCheck, identifyClient, verifySignature } from './steps/authenticate.ts';
import { decide } from './steps/decide.ts';
import { readHeaders } from './steps/read-headers.ts';
import { decryptRequest, parseBody, validateRequest } from './steps/read-request.ts';
import { claimedClient, createReceiver } from './steps/receive.ts';
import { applyEarlyFaults, countRefusedCall, type DecideDeps } from './steps/scripted-rules.ts';

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
  readonly clockFor: (clientId: string | undefined) => ExchangeClock;
  readonly seed: Seed;
  /** Replays recorded exchanges instead of serving new ones. */
  readonly playback?: Playback | undefined;
  /**
   * Where replicas share their clients: applies what another one has set for a client.
   * @returns whether anything is new
   */
  readonly refresh?: ((clientId: string) => Promise<boolean>) | undefined;
  /** Where replicas share a seed: which of a client's exchanges this is, in all together. */
  readonly countExchange?: ((clientId: string) => Promise<number>) | undefined;
}

/** Answers one request; rejects for a bug, once it is over. */
export type Gateway = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** The gateway: every request to the vendor's paths, from bytes to bytes. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const { settings, contract, parties, diagnoses, journal, playback } = deps;
  const scheme = sealingScheme(settings);
  const tables = { contract, httpStatus: settings.httpStatus };
  const deciding: DecideDeps = { ...deps.deciding, tables };
  const validating = { validate: deps.validate, strict: settings.strict };
  // The platform's keys may change while the simulator runs.
  const decrypting = (clientId: string) => ({
    platform: parties.platformFor(clientId),
    scheme,
    clients: settings.clients,
    playback,
  });
  const createRandom = (seed: number): RandomSource =>
    playback === undefined ? createRandomSource(seed) : tapedRandomSource(playback);
  let random = createRandom(deps.seed.value);
  deps.seed.onSet((value) => {
    random = createRandom(value);
  });
  const connections = new ConnectionCounter();
  const traffic = new ConcurrencyTracker(() => performance.now());
  const receiver = createReceiver(contract, settings['limits.bodyBytes']);
  const checkAccess = createAccessCheck(settings.clients, playback?.isOverRate);
  const respond = createResponder({ ...deps, tables, random: () => random });
  const diagnose = createRefusalDiagnoser({
    ...{ diagnoses, parties, scheme, cpuNow },
    ecc224: settings.ecc224,
    onError: deps.onDoctorError,
  });

  const handle: Gateway = async (req, res) => {
    const located = receiver.locate(req);
    const nth = deps.seed.value === 0 ? undefined : countExchange(req);
    const exchange = open(req, located, nth === undefined ? undefined : await nth);
    const inPool = traffic.enter(req.socket);
    diagnoses.noteRequest();
    try {
      const outcome = await takeSteps(req, located, exchange, inPool).catch((error: unknown) =>
        concludeError(req, exchange, toStepError(error, located)),
      );
      record(req, exchange, ...(await respond(res, exchange, outcome, inPool)));
    } finally {
      journal.removeOpen(exchange.number);
      traffic.leave();
    }
  };

  /** Where the store cannot be asked, the exchange is counted here. */
  const countExchange = (req: IncomingMessage): Promise<number | undefined> | undefined =>
    deps
      .countExchange?.(claimedClient(req.headers, deciding.rules.book) ?? '')
      .catch(() => undefined);

  /** Numbers the request, in the order in which heads arrive, and shows it as in flight. */
  const open = (req: IncomingMessage, located: Known, nth: number | undefined): Exchange => {
    const claimed = claimedClient(req.headers, deciding.rules.book);
    const exchange = new Exchange({
      number: journal.nextNumber(),
      tracerId: random.tracerId(claimed ?? '', nth),
      method: req.method ?? '',
      located,
      connection: playback?.connection() ?? connections.count(req.socket),
      clock: playback?.clock ?? deps.clockFor(claimed),
      nowUs: monotonicUs,
      tape: readInputs(claimed),
    });
    journal.addOpen(exchange);
    return exchange;
  };

  /** Nearly always the same as before: then exchanges share them. */
  let inputs: ExchangeOptions['tape'] | undefined;

  /** What the steps of an exchange rest on, apart from the request. */
  const readInputs = (claimed: string | undefined): ExchangeOptions['tape'] => {
    const { book, scenarios } = deciding.rules;
    const [all, client] = [scenarios.activeNames, book.scenariosFor(claimed)];
    const key = claimed === undefined ? undefined : parties.clients.get(claimed);
    const platform = parties.platformFor(claimed);
    if (
      inputs?.seed !== deps.seed.value ||
      inputs.scenarios.all !== all ||
      inputs.scenarios.client !== client ||
      inputs.keys.client !== key ||
      inputs.keys.platform !== platform
    )
      inputs = {
        seed: deps.seed.value,
        scenarios: { all, client },
        keys: { client: key, platform },
      };
    return inputs;
  };

  /**
   * The steps, in order (register G-01). Each takes what is known and returns more, or refuses;
   * only `deliver` writes to `res`.
   */
  // biome-ignore format: the list is read as a table
  const takeSteps = async (req: IncomingMessage, located: Known, exchange: Exchange, inPool: boolean): Promise<Outcome> => {
    const received      = await exchange.step('receive',          located,       () => receiver.receive(req, located, exchange.nowUs));
    return                await (deps.refresh === undefined ? takeLaterSteps(req, received, exchange, inPool) : takeStepsAgain(req, received, exchange, inPool));
  };

  // biome-ignore format: the list is read as a table
  const takeLaterSteps = async (req: IncomingMessage, received: Received, exchange: Exchange, inPool: boolean): Promise<Outcome> => {
    const context       =       () => ({ headers: req.headers, isReused: exchange.connection.position > 1, seed: deps.seed.value, now: exchange.now(), tape: exchange.tape });
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

  /**
   * Begins again where another replica has changed what the steps have read. Before a refusal that
   * rests on the client's keys, others are asked once.
   */
  const takeStepsAgain: typeof takeLaterSteps = async (req, received, exchange, inPool) => {
    for (let attempt = 1; ; attempt++)
      try {
        return await takeLaterSteps(req, received, exchange, inPool);
      } catch (error) {
        if (attempt === maxDecisions || !(await isOutdated(error, received))) throw error;
        const claimed = claimedClient(req.headers, deciding.rules.book);
        exchange.restart(deps.clockFor(claimed), readInputs(claimed));
      }
  };

  const isOutdated = async (error: unknown, { claimedClientId }: Known): Promise<boolean> => {
    if (!(error instanceof StepError) || claimedClientId === undefined) return false;
    const isChanged = error.cause instanceof SettingsChangedError;
    const mayRestOnKeys = error.cause instanceof Refusal && stepsWithKeys.has(error.step);
    if (!isChanged && !mayRestOnKeys) return false;
    // Where the store cannot be asked, the refusal rests on what was known last.
    const isNew = await deps.refresh?.(claimedClientId).catch(() => false);
    return isChanged || isNew === true;
  };

  const concludeError = async (
    req: IncomingMessage,
    exchange: Exchange,
    failure: StepError,
  ): Promise<Outcome> => {
    try {
      await countRefusedCall(failure, exchange, deciding);
    } catch (error) {
      // The call could not be counted: its refusal would not show what the next one does.
      return fromError(new StepError(failure.step, failure.known, error), tables);
    }
    const diagnosis = diagnose(req, failure, traffic.isAlone(req.socket));
    return { ...fromError(failure, tables), diagnosis };
  };

  const record = (
    req: IncomingMessage,
    exchange: Exchange,
    outcome: Outcome,
    delivered: Delivered,
  ): void => {
    const entry = new RecordedExchange(req, exchange, outcome, delivered);
    try {
      journal.add(entry, outcome.request);
    } finally {
      deps.onExchange(entry, outcome.error);
    }
  };

  return handle;
};

const maxDecisions = 5;
const stepsWithKeys = new Set(['identify-client', 'verify-signature', 'decrypt-body']);

const monotonicUs = (): number => performance.now() * 1000;
