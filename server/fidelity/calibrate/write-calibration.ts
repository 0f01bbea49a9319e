import { hash } from 'node:crypto';
import { markdownCell } from '../../conformance/report/formats.ts';
import { inEnglish, type Translate, translateText } from '../../conformance/report/translate.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { secretHeaders } from '../../journal/exchange-views.ts';
import { printable } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { keyFingerprint } from '../../protocol/keys/key-objects.ts';
import { type CapsuleExchange, markAsSent, packBody } from '../capsule/capsule-exchange.ts';
import { type Capsule, capsuleFormat, sealCapsule, writeCapsule } from '../capsule/capsule-file.ts';
import type { Calibration, TranscriptEntry } from './calibrate.ts';
import { calibrationFormat, type ResultKind, type RowResult, resultKinds } from './results.ts';
import type { CalibrationIdentity } from './send-probe.ts';

/** What is written about a calibration, beside its results. */
export interface CalibrationFacts {
  readonly version: string;
  /** Host and port of the target. */
  readonly host: string;
  readonly identity: CalibrationIdentity;
  /** The merchant's own values, which are not written. */
  readonly identityOverrides: JsonObject;
  /** ISO 8601. */
  readonly at: string;
  /** Leaves out what names the merchant in the configuration too. */
  readonly shareable: boolean;
  /** Of the report, into the language of the run. */
  readonly translate?: Translate;
}

/** The files of a calibration: name below the folder → text. */
export const calibrationFiles = (
  calibration: Calibration,
  facts: CalibrationFacts,
): ReadonlyMap<string, string> =>
  new Map([
    ['alipayhk-mock.calibrated.yaml', writeConfig(calibration, facts)],
    ['calibration.json', `${JSON.stringify(toJson(calibration, facts), null, 2)}\n`],
    ['calibration.md', writeReport(calibration, facts)],
    ...writeTranscript(calibration, facts),
  ]);

/** The beginning of a Client-Id and a hash of it: recognised by who knows it, useless to others. */
export const shortenClientId = (clientId: string): string =>
  `${clientId.slice(0, 4)}…${hash('sha256', clientId).slice(0, 8)}`;

const toJson = ({ results, requests, stopped, created }: Calibration, facts: CalibrationFacts) => ({
  format: calibrationFormat,
  made: { by: `alipayhk-mock ${facts.version}`, at: facts.at },
  target: { host: facts.host },
  client: shortenClientId(facts.identity.clientId),
  keys: formatKeys(facts.identity),
  requests,
  ...omitUndefined({ stopped }),
  results: results.map(withoutHeld(facts)),
  created,
});

const formatKeys = ({ platformKey, encryptionKey }: CalibrationIdentity) => ({
  platform: platformKey === undefined ? null : keyFingerprint(platformKey),
  encryption: encryptionKey === undefined ? null : keyFingerprint(encryptionKey.publicKey),
});

const withoutHeld =
  (facts: CalibrationFacts) =>
  (result: RowResult): RowResult =>
    result.because === undefined ? result : { ...result, because: redact(result.because, facts) };

/** Takes the merchant's own values and the Client-Id out of a text. */
const redact = (text: string, { identity, identityOverrides }: CalibrationFacts): string =>
  Object.entries(identityOverrides)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    .reduce(
      (left, [name, value]) => left.replaceAll(value, `<${name}>`),
      text.replaceAll(identity.clientId, shortenClientId(identity.clientId)),
    );

const writeConfig = ({ results }: Calibration, facts: CalibrationFacts): string => {
  const decided = results.filter(({ result }) => result === 'decided');
  const agreed = results.filter(
    ({ result, setting }) => result === 'agrees' && setting !== undefined,
  );
  const members = (list: string): string[] =>
    decided.flatMap(({ setting = '', value, row, evidence }) =>
      setting.startsWith(`${list}.`) && value === 'on'
        ? [`  - ${setting.slice(list.length + 1)} # ${row}, ${evidence.join(', ')}`]
        : [],
    );
  const lists = ['strict', 'lenient'].flatMap((list) => {
    const lines = members(list);
    return lines.length === 0 ? [] : [`${list}:`, ...lines];
  });
  const needs = decided.filter(({ setting }) => setting?.startsWith('clients.') === true);
  const clients =
    needs.length === 0
      ? []
      : [
          'clients:',
          `  ${JSON.stringify(facts.shareable ? '<Client-Id>' : facts.identity.clientId)}:`,
          '    encryption:',
          ...needs.map(
            ({ setting = '', value, row, evidence }) =>
              `      ${setting.split('.')[2]}: ${value} # ${row}, ${evidence.join(', ')}`,
          ),
        ];
  const plain = decided
    .filter(({ setting = '' }) => !nestedSettings.test(setting))
    .map(
      ({ setting, value = '', row, evidence }) =>
        `${setting}: ${setting === 'limits.bodyBytes' ? value : JSON.stringify(value)} ` +
        `# ${row}, ${evidence.join(', ')}`,
    );
  const tables = decided
    .filter(({ setting = '' }) => setting.startsWith('order.statusMachines.'))
    .map(
      ({ setting = '', value, row, evidence }) =>
        `  ${setting.split('.')[2]}: ${value} # ${row}, ${evidence.join(', ')}`,
    );
  return [
    `# Observed at ${facts.host} on ${facts.at.slice(0, 10)} by alipayhk-mock ${facts.version}.`,
    '# Each line names the register row and the probes that decided it; see calibration.md.',
    `# ${agreed.length} further settings were observed to be as the simulator has them.`,
    `# It holds for this host and date; a test environment may differ from production.`,
    ...plain,
    ...(tables.length === 0 ? [] : ['order.statusMachines:', ...tables]),
    ...lists,
    ...clients,
    '',
  ].join('\n');
};

const nestedSettings = /^(strict|lenient|clients|order\.statusMachines)\./;

const kindTitles: Readonly<Record<ResultKind, string>> = {
  decided: 'Decided: differs from the simulator’s default',
  agrees: 'As the simulator has it',
  'differs-no-setting': 'Differs, and the simulator has no setting for it',
  other: 'None of the known alternatives',
  'not-distinguishable': 'Cannot be distinguished',
  'not-reached': 'Not reached',
  'not-probed': 'Not probed',
  unstable: 'Not the same twice, or lost',
};

const writeReport = (calibration: Calibration, facts: CalibrationFacts): string => {
  const { results, requests, stopped, created } = calibration;
  const say = (text: string): string => translateText(text, facts.translate ?? inEnglish);
  const sections = resultKinds.flatMap((kind) => {
    const rows = results.filter(({ result }) => result === kind);
    return rows.length === 0
      ? []
      : [
          '',
          `## ${say(kindTitles[kind])} (${rows.length})`,
          '',
          `| ${['row', 'setting, or what', 'observed', 'evidence'].map(say).join(' | ')} |`,
          '| --- | --- | --- | --- |',
          ...rows.map(
            ({ row, about = '', setting = about, value, because, evidence }) =>
              `| ${row} | ${say(setting)} | ` +
              `${markdownCell(redact(say(value ?? because ?? ''), facts))} | ${evidence.join(', ')} |`,
          ),
        ];
  });
  return [
    `# ${say(`Calibration of ${facts.host}, ${facts.at.slice(0, 10)}`)}`,
    '',
    say(
      `alipayhk-mock ${facts.version} sent ${requests} requests as ` +
        `${shortenClientId(facts.identity.clientId)}.`,
    ),
    ...(stopped === undefined
      ? []
      : ['', say(`The run ended early: ${markdownCell(redact(say(stopped), facts))}.`)]),
    '',
    say(
      'A result holds for this host and this date. A test environment may differ from production.',
    ),
    ...sections,
    '',
    `## ${say('What was made at the target')}`,
    '',
    say(
      'The API has no call that deletes. Every order, account, binding, card and request id of ' +
        `this run begins with one of these: ${created[0] ?? '-'} to ${created.at(-1) ?? '-'}.`,
    ),
    '',
  ].join('\n');
};

const writeTranscript = (
  { transcript }: Calibration,
  facts: CalibrationFacts,
): readonly (readonly [string, string])[] => {
  const names = [...new Set(transcript.map(({ probeRun }) => probeRun))];
  return names.map((name) => {
    const exchanges = transcript
      .filter(({ probeRun }) => probeRun === name)
      .map((entry, at) => markAsSent(toCapsuleExchange(entry, at + 1, facts)));
    return [`transcript/${name}.capsule.json`, writeCapsule(toCapsule(name, exchanges, facts))];
  });
};

/** What a gateway answered: a capsule that is read and compared, but has no keys to replay it. */
const toCapsule = (
  name: string,
  exchanges: CapsuleExchange[],
  { version, host, at }: CalibrationFacts,
): Capsule =>
  sealCapsule({
    format: capsuleFormat,
    made: { by: version, node: process.version, at, contract: '', note: `${name} at ${host}` },
    redaction: { level: 'pseudonyms', fields: ['Client-Id', 'identity'], signatures: 'original' },
    settings: {},
    platform: [],
    clients: [],
    exchanges,
  });

const maxShownLength = 120;

const toCapsuleExchange = (
  { at, request, answer }: TranscriptEntry,
  number: number,
  facts: CalibrationFacts,
): CapsuleExchange => {
  const exchange = {
    ...{ number, operation: request.operation, receivedAt: Date.parse(at) },
    request: {
      method: 'POST',
      target: request.path,
      headers: request.headers.map(([name, value]): [string, string] => [
        name,
        redactHeader(name, value, facts),
      ]),
      ...packBody(Buffer.from(redact(request.plain.toString('utf8'), facts))),
    },
  };
  const verdict = { step: 'observed', references: [] };
  if ('lost' in answer)
    return {
      ...exchange,
      notCompared: `no answer from ${facts.host}: ${printable(answer.lost)}`,
      verdict: { ...verdict, code: 'NO_ANSWER', status: 'U' },
    };
  const result = {
    resultCode: answer.code,
    resultStatus: answer.letter,
    resultMessage: printable(redact(answer.message, facts)).slice(0, maxShownLength),
  };
  const body = {
    ...Object.fromEntries(answer.resultNames.map((name) => [name, result])),
    ...answer.fields,
  };
  return {
    ...exchange,
    reply: {
      status: answer.httpStatus,
      headers: toHeaderPairs(answer.rawHeaders).map(([name, value]): [string, string] => [
        name,
        redactHeader(name, value, facts),
      ]),
      ...packBody(Buffer.from(redact(JSON.stringify(body), facts))),
    },
    notCompared: `answered by ${facts.host}`,
    verdict: {
      ...verdict,
      code: answer.code,
      status: isStatus(answer.letter) ? answer.letter : 'U',
    },
  };
};

const isStatus = (letter: string): letter is 'S' | 'F' | 'U' => /^[SFU]$/.test(letter);

/** Signatures and wrapped keys belong to one message and do not help to read a transcript. */
const redactHeader = (name: string, value: string, facts: CalibrationFacts): string =>
  name.toLowerCase() === 'set-cookie' || secretHeaders.has(name.toLowerCase())
    ? '<not kept>'
    : redact(value.replace(/((?:signature|symmetricKey)=)[^,]+/, '$1…'), facts);

const toHeaderPairs = (rawHeaders: readonly string[]): (readonly [string, string])[] =>
  rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : [],
  );
