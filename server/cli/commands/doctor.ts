import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Command, Option } from 'commander';
import { readCopiedExchanges } from '../../admin/routes/integration-router.ts';
import { type Language, languages } from '../../doctor/catalogue/remedies.ts';
import {
  type DoctorKeys,
  diagnoseMessage,
  readRequestText,
} from '../../doctor/diagnose-message.ts';
import {
  type CandidateKey,
  candidateKeys,
  type Diagnosis,
  defaultLimits,
} from '../../doctor/diagnosis.ts';
import { findHeader, type ReadMessage } from '../../doctor/read-http.ts';
import { diagnosisToJson, renderDiagnosis } from '../../doctor/render-diagnosis.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { keyFingerprint, rsaProblem } from '../../protocol/keys/key-objects.ts';
import type { Keyrings } from '../../protocol/keys/keyring.ts';
import { parseKey } from '../../protocol/keys/parse-key.ts';
import { keyFamily } from '../../protocol/signatures.ts';
import { exitCodes, inputName, languageHint, readInputFile, usageError } from '../input-output.ts';
import {
  addSettingOptions,
  type Finish,
  parseKeyVersion,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import { keyFolder, readFolderKeyrings } from './keys-folder.ts';

/** `alipayhk-mock doctor`: diagnoses a message offline. */
export const addDoctorCommand = (program: Command, finish: Finish): void => {
  addSettingOptions(
    program
      .command('doctor')
      .description('find out why a signature does not verify or a body does not decrypt; offline'),
  )
    .argument(
      '<file>',
      'a raw HTTP request or response, a curl command line, what curl -v or --trace printed, a ' +
        'journal entry as JSON, or a HAR; - for standard input',
    )
    .option('--key <file>', "the merchant's key, public or private, in place of the key folder's")
    .option('--key-version <n>', 'the version under which --key is registered', parseKeyVersion, 1)
    .option('--platform-key <file>', "the platform's public key, in place of the key folder's")
    .option('--client-id <id>', 'for a message without one')
    .option('--target <path>', 'path and query of the request; needed for a response alone')
    .option(
      '--entry <n>',
      'of a HAR, or of what exec --journal wrote: this request; default: the last',
      parseWholeNumber(1, 1_000_000),
    )
    .addOption(new Option('--language <name>', 'show the fix for one language').choices(languages))
    .option('--json', 'print JSON')
    .addHelpText('after', doctorExamples)
    .action((file: string, options: DoctorOptions, command: Command) => {
      finish(doctor(file, options, resolveOptionSettings(command)));
    });
};

const doctorExamples = `
Examples:
  alipayhk-mock doctor request.http --key merchant-public.pem --language java
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  curl -v … 2>&1 | alipayhk-mock doctor -
  alipayhk-mock doctor exchanges.har --entry 3
  alipayhk-mock doctor answer.http --target /api/open/alipay/v1/merchant/order/sync`;

export interface DoctorOptions {
  readonly key?: string;
  readonly keyVersion: number;
  readonly platformKey?: string;
  readonly clientId?: string;
  readonly target?: string;
  readonly entry?: number;
  readonly language?: Language;
  readonly json?: boolean;
}

/** Exit code 0: the message is valid, 1: a mistake was found, 2: the input is unusable. */
export const doctor = (file: string, options: DoctorOptions, settings: Settings): number => {
  const message = readMessageFile(file, options.entry);
  const parties = selectKeys(
    readFolderKeyrings(keyFolder(settings), settings),
    message,
    options,
    settings.lenient.includes('weakKeys'),
  );
  const diagnoses = diagnose(message, parties, options, settings);
  const output =
    options.json === true
      ? JSON.stringify(diagnoses.map(diagnosisToJson), null, 2)
      : diagnoses
          .map((one) =>
            renderDiagnosis(
              one,
              omitUndefined({ language: options.language, lang: settings.language }),
            ),
          )
          .join('\n\n');
  process.stdout.write(`${output}\n${options.json === true ? '' : languageHint()}`);
  return diagnoses.every(({ verdict }) => verdict === 'valid') ? exitCodes.ok : exitCodes.failed;
};

const readMessageFile = (file: string, number: number | undefined): ReadMessage => {
  const where = inputName(file);
  const bytes = readInputFile(file);
  const exchanges = readCopiedExchanges(bytes);
  if (exchanges !== undefined) {
    const exchange = exchanges.at(number === undefined ? -1 : number - 1);
    if (exchange !== undefined) return exchange;
    throw usageError(
      where,
      `holds ${exchanges.length} exchanges`,
      exchanges.length === 0 ? 'Give a file with one.' : 'Name one of them with --entry.',
    );
  }
  const read = readRequestText(bytes);
  if ('problem' in read)
    throw usageError(
      where,
      read.problem,
      'Give a raw HTTP request or response, a curl command line or what curl -v printed, a ' +
        'journal entry as JSON, or a HAR.',
    );
  return read.message;
};

/** The keys of the folder; those named on the command line replace them. */
const selectKeys = (
  { clients, platform }: Keyrings,
  message: ReadMessage,
  { key, keyVersion, platformKey, clientId: named }: DoctorOptions,
  weakKeys: boolean,
): DoctorKeys => {
  const clientId = named ?? findHeader(message, 'client-id') ?? '';
  const client = clients.get(clientId);
  const ownKeys =
    key === undefined
      ? candidateKeys(client, 'client')
      : [
          {
            ...loadCandidateKey('--key', key, weakKeys),
            owner: 'client' as const,
            version: keyVersion,
          },
        ];
  const platformKeys =
    platformKey === undefined
      ? candidateKeys(platform, 'platform')
      : [
          {
            ...loadCandidateKey('--platform-key', platformKey, weakKeys),
            owner: 'platform' as const,
            version: 1,
          },
        ];
  const others =
    key === undefined
      ? [...clients]
          .filter(([id]) => id !== clientId)
          .flatMap(([, keyring]) => candidateKeys(keyring, 'other-client'))
      : [];
  return { clientId, signing: [...ownKeys, ...platformKeys, ...others], platform, client };
};

const loadCandidateKey = (
  where: string,
  file: string,
  weakKeys: boolean,
): Omit<CandidateKey, 'owner' | 'version'> => {
  const read = parseKey(readInputFile(file, `Name the file of a key for ${where}.`));
  if ('message' in read) throw usageError(`${where} ${file}`, read.message, read.remedy);
  const key: KeyObject = read.kind === 'private' ? createPublicKey(read.key) : read.key;
  const family = keyFamily(key);
  if (family === undefined)
    throw usageError(
      `${where} ${file}`,
      'is neither an RSA key nor one on the curve secp224r1',
      'Give an RSA or secp224r1 key, public or private.',
    );
  const problem = family === 'RSA' ? rsaProblem(key, weakKeys) : undefined;
  if (problem !== undefined) throw usageError(`${where} ${file}`, problem.message, problem.remedy);
  return { family, key, fingerprint: keyFingerprint(key) };
};

const diagnose = (
  message: ReadMessage,
  keys: DoctorKeys,
  { target }: DoctorOptions,
  settings: Settings,
): Diagnosis[] => {
  if (message.kind === 'response' && target === undefined && message.target === '') {
    throw usageError(
      '--target',
      'is needed for a response',
      'A response is signed with the path of its request: --target /api/open/…',
    );
  }
  return diagnoseMessage(message, keys, target, {
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
    limits: { ...defaultLimits, maxMs: 5000, maxVerifications: 2000, maxHypotheses: 200_000 },
    steadyNow: () => performance.now(),
  });
};
