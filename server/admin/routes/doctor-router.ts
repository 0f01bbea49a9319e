import { Router } from 'express';
import { type Language, languages } from '../../doctor/catalogue/remedies.ts';
import {
  type DoctorKeys,
  diagnoseMessage,
  readRequestText,
} from '../../doctor/diagnose-message.ts';
import { collectCandidateKeys, thoroughLimits } from '../../doctor/diagnosis.ts';
import { findHeader, type ReadMessage } from '../../doctor/read-http.ts';
import { diagnosisToJson, renderDiagnosis } from '../../doctor/render-diagnosis.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import type { Keyrings } from '../../protocol/keys/keyring.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { validatedQuery } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import { readCopiedExchanges } from '../copied-message.ts';
import { toBuffer } from '../request-bodies.ts';

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
