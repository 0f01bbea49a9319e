import { omitUndefined } from '../../../protocol/omit-undefined.ts';
import { driverProtocol } from '../types.ts';
import type { JobRequest } from './driver.ts';

/** Variables of certify itself that a driver has no use for, or must not know. */
const withheld = /^ALIPAYHK_(MOCK_|ADMIN_|CERTIFY)/;

const inheritedVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)));

/** Where a driver may write its report. */
export const resultFile = ({ stateFolder, job }: JobRequest): string =>
  `${stateFolder}.${job.job}.result`;

/** The environment of a driver that runs once for each job. */
export const jobEnvironment = (request: JobRequest): NodeJS.ProcessEnv => {
  const { connection, stateFolder, deadlineMs, caseName } = request;
  const versions = Object.keys(connection.platformKeys).map(Number);
  const newest = String(Math.max(...versions));
  return {
    ...commonEnvironment(connection.pauseFactor, deadlineMs),
    ALIPAYHK_BASE_URL: connection.baseUrl,
    ALIPAYHK_CLIENT_ID: connection.clientId,
    ALIPAYHK_PRIVATE_KEY: connection.privateKey,
    ALIPAYHK_KEY_VERSION: String(connection.keyVersion),
    ALIPAYHK_PLATFORM_KEY: connection.platformKeys[newest] ?? '',
    ALIPAYHK_PLATFORM_KEYS: JSON.stringify(connection.platformKeys),
    ALIPAYHK_CERTIFY_STATE: stateFolder,
    ALIPAYHK_CERTIFY_RESULT: resultFile(request),
    ...omitUndefined({ ALIPAYHK_CERTIFY_CASE: caseName }),
  };
};

/** What does not depend on the job. */
export const commonEnvironment = (pauseFactor: number, deadlineMs: number): NodeJS.ProcessEnv => ({
  ...inheritedVariables(),
  ALIPAYHK_CERTIFY: String(driverProtocol),
  ALIPAYHK_CERTIFY_PAUSE_FACTOR: String(pauseFactor),
  ALIPAYHK_CERTIFY_DEADLINE_MS: String(deadlineMs),
});
