import { Router } from 'express';
import * as z from 'zod';
import type { CaseSessions } from '../../conformance/certify/harness/case-sessions.ts';
import { CaseSessionError } from '../../conformance/certify/harness/sandbox.ts';
import { isLintRule, lintRules } from '../../conformance/lint/lint-rules.ts';
import type { TrafficObserver } from '../../conformance/traffic-observer.ts';
import { type Language, languages } from '../../doctor/catalogue/remedies.ts';
import {
  type DoctorKeys,
  diagnoseMessage,
  readRequestText,
} from '../../doctor/diagnose-message.ts';
import { collectCandidateKeys, thoroughLimits } from '../../doctor/diagnosis.ts';
import { findHeader, type ReadMessage, readHar } from '../../doctor/read-http.ts';
import { diagnosisToJson, renderDiagnosis } from '../../doctor/render-diagnosis.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Keyrings } from '../../protocol/keys/keyring.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import { AdminRequestError, notFoundError, toBuffer } from '../middleware.ts';

/** Lint of ordinary traffic, and coverage. */
export const createIntegrationRouter = (observer: TrafficObserver | undefined): Router => {
  const router = Router();
  const obtain = (): TrafficObserver => {
    if (observer !== undefined) return observer;
    throw new AdminRequestError(404, [
      {
        where: 'lint',
        message: 'is off, and coverage with it',
        remedy: 'Start the simulator with --lint report.',
      },
    ]);
  };
  router.get('/lint', (req, res) => void res.json(obtain().lint(validatedQuery(req, 'lint'))));
  router.delete('/lint', (_req, res) => {
    obtain().clear();
    res.status(204).end();
  });
  router.post('/lint/allowances', (req, res) => {
    const { rule, ...allowance } = validatedBody(req, 'allowLint');
    if (!isLintRule(rule)) throw notFoundError('lint rule', rule, Object.keys(lintRules));
    obtain().allow({ rule, ...allowance });
    res.status(204).end();
  });
  router.get('/coverage', (_req, res) => void res.json(obtain().coverage()));
  return router;
};

/** Cases of certify that a caller drives: its tests make the application send. */
export const createCasesRouter = (sessions: () => Promise<CaseSessions>): Router => {
  const router = Router();
  router.post('/certify/cases/:caseId/start', async (req, res) => {
    const { operation, algorithm, sealed, pauseFactor, quietMs, variant } = validatedBody(
      req,
      'startCase',
    );
    const options = {
      operation: operation ?? 'syncOrder',
      algorithm: algorithm ?? 'RSA256',
      sealed: sealed ?? false,
      pauseFactor: pauseFactor ?? 0.05,
      quietMs: quietMs ?? 2000,
      variant,
    };
    const opened = await sessions();
    res
      .status(201)
      .json(await refuseProblems(() => opened.start(pathValue(req, 'caseId'), options)));
  });
  router.post('/certify/cases/:caseId/finish', async (req, res) => {
    const { run, ...claim } = validatedBody(req, 'finishCase');
    const opened = await sessions();
    res.json(await refuseProblems(() => opened.finish(run, omitUndefined(claim))));
  });
  return router;
};

const httpStatuses: Readonly<Record<CaseSessionError['code'], number>> = {
  UNKNOWN_CASE: 404,
  CASE_NOT_POSSIBLE: 409,
  UNKNOWN_RUN: 404,
  RUN_BUSY: 409,
  TOO_MANY_RUNS: 429,
};

const refuseProblems = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CaseSessionError)) throw error;
    const { code, message, remedy } = error;
    throw new AdminRequestError(httpStatuses[code], [{ where: 'the case', message, remedy }]);
  }
};

/** The doctor, for a message as someone copied it. */
export const createDoctorRouter = (parties: Keyrings, settings: Settings): Router => {
  const router = Router();
  router.post('/doctor', (req, res) => {
    const { clientId: named, target, language } = validatedQuery(req, 'diagnose');
    const message = readCopiedMessage(toBuffer(req));
    if (message.kind === 'response' && target === undefined && message.target === '')
      throw unprocessable(
        'target',
        'is needed for a response',
        'A response is signed with the path of its request: ?target=/api/open/…',
      );
    const keys = doctorKeysFor(parties, named ?? findHeader(message, 'client-id') ?? '');
    const rules = {
      ecc224: settings.ecc224,
      scheme: sealingScheme(settings),
      // A diagnosis blocks all other requests while it runs.
      limits: thoroughLimits,
      steadyNow: () => performance.now(),
    };
    const diagnoses = diagnoseMessage(message, keys, target, rules);
    const shown = languages.find((one): one is Language => one === language);
    res.json({
      valid: diagnoses.every(({ verdict }) => verdict === 'valid'),
      diagnoses: diagnoses.map(diagnosisToJson),
      text: diagnoses
        .map((one) => renderDiagnosis(one, omitUndefined({ language: shown })))
        .join('\n\n'),
    });
  });
  return router;
};

const unprocessable = (where: string, message: string, remedy: string): AdminRequestError =>
  new AdminRequestError(422, [{ where, message, remedy }]);

const readCopiedMessage = (bytes: Buffer): ReadMessage => {
  const exchanges = readCopiedExchanges(bytes);
  const [exchange] = exchanges ?? [];
  if (exchange !== undefined && exchanges?.length === 1) return exchange;
  if (exchanges !== undefined)
    throw unprocessable('the body', `holds ${exchanges.length} exchanges`, 'Send one of them.');
  const read = readRequestText(bytes);
  if ('message' in read) return read.message;
  throw unprocessable(
    'the body',
    read.problem,
    'Send a raw HTTP request or response, a curl command line or what curl -v printed, or an ' +
      'exchange of the journal as JSON.',
  );
};

const doctorKeysFor = (parties: Keyrings, clientId: string): DoctorKeys => ({
  clientId,
  client: parties.clients.get(clientId),
  platform: parties.platform,
  signing: collectCandidateKeys(parties, clientId),
});

/** What the doctor needs of a journal entry as JSON. */
const journalEntry = z.object({
  method: z.string(),
  target: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), bodyBase64: z.string() }),
});

/** What `exec --journal` writes. */
const journalFile = z.object({ exchanges: z.array(journalEntry) });

/**
 * The requests of a journal entry, of a file that `exec --journal` wrote, or of an HTTP Archive, in
 * their order.
 * @returns undefined when the bytes are none of these
 */
export const readCopiedExchanges = (bytes: Buffer): readonly ReadMessage[] | undefined => {
  const value = tryParseJson(bytes.toString('utf8'));
  const entry = journalEntry.safeParse(value);
  if (entry.success) return [toReadMessage(entry.data)];
  const file = journalFile.safeParse(value);
  return file.success ? file.data.exchanges.map(toReadMessage) : readHar(value);
};

const toReadMessage = ({ method, target, request }: z.infer<typeof journalEntry>): ReadMessage => {
  const host = request.headers['host'];
  return {
    kind: 'request',
    method,
    target,
    ...omitUndefined({ host }),
    headers: Object.entries(request.headers),
    body: Buffer.from(request.bodyBase64, 'base64'),
  };
};
