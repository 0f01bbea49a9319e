import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readKeyFolder } from '../../clients/key-folder/key-folder.ts';
import type { ReportCase, TestReport } from '../../conformance/report/test-report.ts';
import { renderDiagnosis } from '../../doctor/render-diagnosis.ts';
import {
  composeFields,
  type OutboundCall,
  outboundCallIds,
  readOutboundContract,
} from '../../domain/outbound/outbound-calls.ts';
import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { CallParties } from '../../outbound/compose-call.ts';
import { allowRemedy, targetProblem } from '../../outbound/dial.ts';
import { OutboundValidator, type SentCopy } from '../../outbound/judge-answer.ts';
import { createEventId, timeoutFor } from '../../outbound/outbound-service.ts';
import {
  isUnreachable,
  type SendOptions,
  type SentCall,
  sendCall,
} from '../../outbound/send-call.ts';
import { packageRoot, shippedOutbound, version } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { readFailure } from '../../problems/read-file.ts';
import { connectAdmin } from '../admin.ts';
import {
  exitCodes,
  formatJson,
  outputLanguage,
  printError,
  translateOutput,
  usageError,
} from '../input-output.ts';
import { applyAssignments, readChangedFields } from '../merchant.ts';
import { writeReports } from '../reports.ts';
import { describeMessage, type OutboundMessageOptions } from './outbound-messages.ts';

/**
 * Sends a call to the merchant, from here with `--to`, else by a running simulator, and prints what
 * came of it.
 */
export const sendOutbound = async (
  command: 'notify' | 'query',
  name: string,
  options: OutboundMessageOptions,
  settings: Settings,
): Promise<number> => {
  const contract = readOutboundContract(shippedOutbound);
  const call = findCall(command, name, [...contract.calls.values()]);
  const validator = new OutboundValidator(contract);
  return options.to === undefined
    ? sendBySimulator(call, options, settings)
    : sendFromHere({ call, to: options.to, options, settings, validator });
};

/** @throws StartupError for an unknown call, or one of the other command */
const findCall = (
  command: 'notify' | 'query',
  name: string,
  calls: readonly OutboundCall[],
): OutboundCall => {
  const call = calls.find(({ id, operationId }) =>
    [id, operationId].some((known) => known === name || known === `query-${name}`),
  );
  if (call === undefined)
    throw usageError(name, `unknown call "${name}"`, suggest(name, outboundCallIds));
  const right = call.kind === 'notification' ? 'notify' : 'query';
  if (right === command) return call;
  const what = call.kind === 'notification' ? 'a notification' : 'answered while the user waits';
  throw usageError(name, `${call.id} is ${what}`, `Write: alipayhk-mock ${right} ${call.id}.`);
};

interface DirectSend {
  readonly call: OutboundCall;
  readonly to: string;
  readonly options: OutboundMessageOptions;
  readonly settings: Settings;
  readonly validator: OutboundValidator;
}

const sendFromHere = async (direct: DirectSend): Promise<number> => {
  const { call, to, options, settings, validator } = direct;
  if (options.after !== undefined)
    throw usageError('--after', 'needs a simulator that waits', 'Leave out --after, or --to.');
  const allowHosts = settings['outbound.allowHosts'];
  const problem = targetProblem('--to', to, allowHosts);
  if (problem !== undefined) throw new StartupError([problem]);
  const now = Date.now();
  const unique = createEventId(now, process.pid, call.id);
  const sample = composeFields(call, {}, { unique, now });
  const fields = applyAssignments(sample, options.set);
  checkFields(direct, fields);
  const url = new URL(to);
  const sending: SendOptions = {
    ...{ call, fields, url, now },
    encrypt: options.encrypt === true,
    fault: options.fault,
    algorithm: options.algorithm,
    keyVersion: options.keyVersion,
  };
  const sent = await sendCall(sending, {
    parties: readParties(options.client, settings),
    validator,
    rules: {
      allowHosts,
      timeoutMs: timeoutFor(settings, call),
      ca: readTrustedAuthority(settings),
    },
  });
  const [refused] = sent.copies.flatMap(({ dialed }) =>
    'failure' in dialed && dialed.failure === 'NOT_ALLOWED' ? [dialed.reason] : [],
  );
  if (refused !== undefined) throw usageError('--to', refused, allowRemedy(url.hostname));
  const durationMs = Date.now() - now;
  process.stdout.write(
    options.json === true
      ? formatJson(sentToJson(sent, call, url))
      : `${showSent(sent, call, url, options)}\n`,
  );
  writeReports(options.report, reportSent(sent, call, { startedAt: now, durationMs, options }));
  if (isUnreachable(sent)) {
    const [{ judgement }] = sent.copies;
    const reason = judgement.problems[0]?.sentence ?? judgement.code;
    printError(`${url.href}: cannot be reached: ${reason}. Start the merchant's server there.`);
    return exitCodes.cannotListen;
  }
  return sent.acknowledged ? exitCodes.ok : exitCodes.failed;
};

const checkFields = (
  { call, options, validator }: Pick<DirectSend, 'call' | 'options' | 'validator'>,
  fields: JsonObject,
): void => {
  if (options.unchecked === true) return;
  const problems = validator.checkFields(call, fields);
  if (problems.length === 0) return;
  throw new StartupError(
    problems.map((message) => ({
      where: '--set',
      message: `${call.id}: ${message}`,
      remedy: 'Correct the field, or add --unchecked to send it all the same.',
    })),
  );
};

/** The platform's keys and the client's, of the key folder. @throws StartupError */
export const readParties = (clientId: string, settings: Settings): CallParties => {
  const { value, problems } = readKeyFolder(settings.keys || join(packageRoot, 'keys'), {
    weakKeys: settings.lenient.includes('weakKeys'),
  });
  if (problems.length > 0) throw new StartupError(problems);
  const client = value.clients.get(clientId);
  if (client === undefined)
    throw usageError(
      '--client',
      `client "${clientId}" is not in the key folder`,
      suggest(clientId, [...value.clients.keys()]),
    );
  const { ecc224 } = settings;
  return { clientId, platform: value.platform, client, ecc224, scheme: sealingScheme(settings) };
};

export const readTrustedAuthority = ({ 'outbound.ca': file }: Settings): Buffer | undefined => {
  if (file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw usageError(file, readFailure(error).message, 'Name a file of certificates, PEM.');
  }
};

/** How long after an attempt is due its result may come. */
const patienceMs = 15_000;

const sendBySimulator = async (
  call: OutboundCall,
  options: OutboundMessageOptions,
  settings: Settings,
): Promise<number> => {
  for (const [flag, value] of [
    ['--algorithm', options.algorithm],
    ['--key-version', options.keyVersion],
    ['--report', options.report[0]],
  ] as const)
    if (value !== undefined)
      throw usageError(flag, 'has an effect with --to only', 'Name the address with --to.');
  const admin = connectAdmin(options, settings);
  const path = { clientId: options.client };
  const body = omitUndefined({
    call: call.id,
    fields: readChangedFields(call.example, options.set),
    afterMs: options.after,
    fault: options.fault,
    encrypt: options.encrypt,
    unchecked: options.unchecked,
  });
  const planned = await admin.post('/clients/{clientId}/outbound', { path, body });
  const deadline = Date.now() + patienceMs + timeoutFor(settings, call);
  let message = planned;
  const isWaiting = (): boolean =>
    message.attempts.length === 0 && options.after === undefined && Date.now() < deadline;
  while (isWaiting()) {
    await pause(20);
    message = await admin.get('/clients/{clientId}/outbound/{messageId}', {
      path: { ...path, messageId: planned.id },
    });
  }
  process.stdout.write(
    options.json === true ? formatJson(message) : `${describeMessage(message)}\n`,
  );
  const [attempt] = message.attempts;
  if (attempt === undefined || attempt.acknowledged)
    return options.after === undefined && attempt === undefined ? exitCodes.failed : exitCodes.ok;
  return ['UNREACHABLE', 'TLS_NOT_TRUSTED', 'NOT_ALLOWED'].includes(attempt.code)
    ? exitCodes.cannotListen
    : exitCodes.failed;
};

const sentToJson = (sent: SentCall, call: OutboundCall, url: URL) => ({
  call: call.id,
  register: call.register,
  url: url.href,
  acknowledged: sent.acknowledged,
  asExpected: sent.asExpected,
  copies: sent.copies.map(({ composed, dialed, judgement, fields }) => ({
    request: {
      headers: readHeaderRecord(composed.headerLines),
      body: composed.body.toString(),
      fields,
    },
    ...('answer' in dialed
      ? {
          answer: {
            httpStatus: dialed.answer.httpStatus,
            headers: dialed.answer.headers,
            body: dialed.answer.body.toString(),
            json: judgement.json,
          },
        }
      : { failure: dialed.failure }),
    milliseconds: elapsedMs(dialed),
    acknowledged: judgement.acknowledged,
    code: judgement.code,
    status: judgement.status,
    signature: judgement.signature,
    problems: judgement.problems,
  })),
});

const readHeaderRecord = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? '']] : [])),
  );

const elapsedMs = ({ times }: SentCopy['dialed']): number =>
  Math.round((times.endedUs - (times.sentUs ?? times.startedUs)) / 1000);

const showSent = (
  sent: SentCall,
  call: OutboundCall,
  url: URL,
  { fault }: OutboundMessageOptions,
): string =>
  [
    ...sent.copies.map((copy) => showCopy(copy, url)),
    ...(fault === undefined
      ? []
      : [
          `${translateOutput('fault')} ${fault}: ${translateOutput(outboundFaults[fault].sentence)}`,
          `  ${translateOutput('a correct merchant')}: ` +
            translateOutput(outboundFaults[fault].expectedMerchantBehaviour),
          `  ${describeReaction(sent)}`,
        ]),
    `${call.register}: ${call.basis}` +
      (call.isComplete
        ? ''
        : `, ${translateOutput('an open template; not known')}: ${call.unknown.join('; ')}`),
  ].join('\n');

const describeReaction = (sent: SentCall): string =>
  isUnreachable(sent)
    ? `· ${translateOutput('nothing to judge: the merchant was not reached')}`
    : sent.asExpected
      ? `✓ ${translateOutput('the answers are those of a correct merchant; what it changed cannot be seen here')}`
      : `✗ ${translateOutput('a correct merchant answers otherwise')}`;

const showCopy = ({ composed, dialed, judgement }: SentCopy, url: URL): string => {
  const { problems, diagnosis } = judgement;
  const answer = 'answer' in dialed ? dialed.answer : undefined;
  const shown = ['content-type', 'client-id', 'response-time', 'signature', 'encrypt'];
  return [
    `→ POST ${url.href}`,
    ...Object.entries(readHeaderRecord(composed.headerLines)).map(
      ([name, value]) => `  ${name}: ${value}`,
    ),
    '',
    indent((composed.plain ?? composed.body).toString()),
    '',
    ...(answer === undefined
      ? []
      : [
          `← ${answer.httpStatus} ${translateOutput(`after ${elapsedMs(dialed)} ms`)}`,
          ...shown.flatMap((name) =>
            answer.headers[name] === undefined ? [] : [`  ${name}: ${answer.headers[name]}`],
          ),
          '',
          indent((judgement.plain ?? answer.body).toString()),
          '',
        ]),
    judgement.acknowledged
      ? `✓ ${translateOutput('acknowledged: SUCCESS, signed by the merchant, in time')}`
      : `✗ ${translateOutput('not acknowledged')}`,
    ...problems.map(({ sentence, register }) => `  ${translateOutput(sentence)} (${register})`),
    ...(diagnosis === undefined
      ? []
      : ['', renderDiagnosis(diagnosis, { lang: outputLanguage() })]),
    '',
  ].join('\n');
};

const indent = (text: string): string => {
  const shown = text.length > 10_000 ? `${text.slice(0, 10_000)} …` : text;
  return shown
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
};

interface ReportFacts {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly options: OutboundMessageOptions;
}

/** A case for each request; with a fault, it passes when a correct merchant would answer so. */
const reportSent = (
  sent: SentCall,
  call: OutboundCall,
  { startedAt, durationMs, options: { fault } }: ReportFacts,
): TestReport => ({
  name: call.kind === 'notification' ? 'notify' : 'query',
  version,
  startedAt,
  durationMs,
  cases: sent.copies.map(({ judgement, dialed }, index): ReportCase => {
    const isWanted = fault === undefined || outboundFaults[fault].isAcknowledged;
    const findings = judgement.problems.map(({ id, sentence }) => ({
      rule: id,
      level: isWanted ? ('error' as const) : ('note' as const),
      message: sentence,
    }));
    const hasPassed = isWanted ? judgement.acknowledged : sent.asExpected;
    const name = [call.id, fault, sent.copies.length > 1 ? index + 1 : undefined];
    return {
      group: 'outbound',
      name: name.filter((part) => part !== undefined).join(' '),
      status: hasPassed ? 'passed' : 'failed',
      durationMs: elapsedMs(dialed),
      findings:
        hasPassed || findings.some(({ level }) => level === 'error')
          ? findings
          : [
              ...findings,
              {
                rule: `OUT_${fault ?? call.id}`,
                level: 'error',
                message: fault === undefined ? 'not acknowledged' : describeNotExpected(fault),
              },
            ],
    };
  }),
});

const describeNotExpected = (fault: keyof typeof outboundFaults): string =>
  `a correct merchant: ${outboundFaults[fault].expectedMerchantBehaviour}`;
