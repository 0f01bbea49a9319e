import { type CatalogueCase, checkTitles } from '../../../conformance/certify/catalogue/case.ts';
import { catalogue, correctHandling } from '../../../conformance/certify/catalogue/index.ts';
import {
  type ReceiverCase,
  receiverCatalogue,
} from '../../../conformance/certify/catalogue/receiver.ts';
import { driveModes, type PlayStep } from '../../../conformance/certify/types.ts';
import { padColumn, translateText } from '../../../conformance/report/translate.ts';
import { translateRemedy } from '../../../doctor/catalogue/chinese-texts.ts';
import { languageNames, languages } from '../../../doctor/catalogue/remedies.ts';
import { suggest } from '../../../problems/did-you-mean.ts';
import { exitCodes, formatJson, outputLanguage, usageError } from '../../input-output.ts';
import { translateCertify } from './run-output.ts';

interface ShowCatalogueOptions {
  readonly explain?: string;
  readonly json?: boolean;
}

/** Prints the list of cases, or one of them in full. */
export const showCatalogue = ({ explain, json = false }: ShowCatalogueOptions): number => {
  if (explain !== undefined) {
    const found = findCase(explain);
    const text = 'calls' in found ? explainReceiverCase(found) : explainCase(found);
    process.stdout.write(json ? formatJson(found) : text.split('\n').map(say).join('\n'));
    return exitCodes.ok;
  }
  const lines = [...catalogue.map(listLine), ...receiverCatalogue.map(listReceiverLine)];
  const all = [...catalogue, ...receiverCatalogue];
  process.stdout.write(json ? formatJson(all) : `${lines.join('\n')}\n`);
  return exitCodes.ok;
};

const translatePart = (text: string): string => translateText(text, translateCertify);

const codeLine = new RegExp(
  `^ {2}(${Object.values(languageNames).join('|').replaceAll('+', '\\+')}| {7}) `,
);

/** A line in the language of the run; names and code stay. */
const say = (line: string): string => {
  if (codeLine.test(line)) return outputLanguage() === 'en' ? line : translateRemedy(line);
  const [, head = '', text = ''] =
    /^(\s*(?:[\w-]+: (?! )|[A-Z][\w ]+? {2,})?)(.*)$/s.exec(line) ?? [];
  const title = head.trim();
  const shown = title === '' || title.endsWith(':') ? title : translatePart(title);
  const isLabel = title !== '' && !title.endsWith(':') && text !== '';
  const shownHead = isLabel ? padColumn(shown, head.length) : head.replace(title, shown);
  return `${shownHead}${translatePart(text)}`;
};

/** @throws StartupError for an id that the catalogue does not have */
export const findCase = (id: string): CatalogueCase | ReceiverCase => {
  const all = [...catalogue, ...receiverCatalogue];
  const found = all.find((one) => one.id === id);
  if (found !== undefined) return found;
  const ids = all.map((one) => one.id);
  throw usageError(id, 'is not a case of the catalogue', suggest(id, ids, 'certify --list'));
};

const operationsText = ({ operations }: CatalogueCase): string =>
  operations === 'all' ? 'all operations' : operations.join(', ');

const titleLine = ({ id, title, severity }: CatalogueCase | ReceiverCase): string =>
  `${id}: ${translatePart(title.en)} (${translatePart(severity)})`;

const listLine = (one: CatalogueCase): string => {
  const { id, title, severity, basis, expectedMs = 500 } = one;
  const seconds = (expectedMs / 1000).toFixed(1);
  const weight = `${severity}, ${basis[0].kind}`;
  const parts = [title.en, weight, operationsText(one), `${seconds} s`];
  return `${id.padEnd(10)} ${parts.map(translatePart).join(' · ')}`;
};

const listReceiverLine = ({ id, title, severity, basis, calls }: ReceiverCase): string =>
  `${id.padEnd(10)} ${[
    title.en,
    `${severity}, ${basis[0].kind}`,
    calls.join(', '),
    'with --receiver',
  ]
    .map(translatePart)
    .join(' · ')}`;

const explainReceiverCase = (one: ReceiverCase): string => {
  const { id, basis, must, why, remedy, calls, fault, again = 0, parallel } = one;
  const plays = [
    `  ${calls.join(', ')}${fault === undefined ? '' : ` with the fault ${fault}`}`,
    ...(parallel === undefined ? [] : [`  ${parallel} times at the same time`]),
    ...(again === 0 ? [] : ['  the same event again, without a fault']),
  ];
  return `${[
    titleLine(one),
    '',
    `Your server       ${must}`,
    `Why               ${why}`,
    '',
    'Plays',
    ...plays,
    '',
    'Looks at',
    ...one.checks.map((check) => `  ${check}: ${checkTitles[check]}`),
    '',
    `Basis             ${basis.map(({ kind, register }) => `${kind}, ${register}`).join('; ')}`,
    `Read              docs/${remedy}`,
    `Run it alone      alipayhk-mock certify --case ${id} --receiver URL`,
  ].join('\n')}\n`;
};

const explainCase = (one: CatalogueCase): string => {
  const { id, basis, variants, must, why, remedy, modes = driveModes } = one;
  const sources = basis.map(({ kind, register, source }) =>
    [kind, register, source]
      .flatMap((part) => part ?? [])
      .map(translatePart)
      .join(', '),
  );
  const names = Object.keys(variants ?? {});
  return `${[
    titleLine(one),
    '',
    `Your application  ${must}`,
    `Why               ${why}`,
    '',
    'Plays',
    ...(one.play.length === 0
      ? ['  the usual answer']
      : one.play.map((step) => `  ${describePlayStep(step)}`)),
    '  then the usual answer',
    ...(names.length === 0 ? [] : [`  ${translatePart(`variants: ${names.join(', ')}`)}`]),
    `Jobs              ${one.jobs.map(({ action }) => action).join(', ')}`,
    `Operations        ${operationsText(one)}`,
    `Modes             ${modes.join(', ')}`,
    '',
    'Looks at',
    ...one.checks.map((check) => {
      const checkId = typeof check === 'string' ? check : check.id;
      return `  ${checkId}: ${checkTitles[checkId]}`;
    }),
    '',
    'A correct client',
    ...handlingLines(id),
    '',
    `Basis             ${sources.join('; ')}`,
    `Read              docs/${remedy}`,
    `Run it alone      alipayhk-mock certify --case ${id} -- COMMAND`,
  ].join('\n')}\n`;
};

const handlingLines = (id: string): readonly string[] => {
  const handling = correctHandling(id);
  return handling === undefined
    ? []
    : languages.flatMap((language) => {
        const [first = '', ...more] = handling[language].split('\n');
        const name = languageNames[language].padEnd(8);
        return [`  ${name}${first}`, ...more.map((line) => `  ${' '.repeat(8)}${line}`)];
      });
};

const describePlayStep = ({ then, vary, times = 1, message, connection }: PlayStep): string => {
  const { fault, security, result, status, change, ...rest } = then;
  const parts = [
    result === undefined ? '' : `${result}${status === undefined ? '' : ` ${status}`}`,
    fault === undefined ? '' : `fault ${fault.id}`,
    security === undefined ? '' : `security ${security.id}`,
    change === undefined ? '' : `the change is ${change === 'keep' ? 'kept' : 'dropped'}`,
    vary === true ? 'as the variant says' : '',
    Object.keys(rest).length === 0 ? '' : JSON.stringify(rest),
  ].filter((part) => part !== '');
  const count = times === 'always' ? 'every attempt' : times === 1 ? 'once' : `${times} times`;
  const which = [
    message === undefined ? '' : ` of message ${message}`,
    connection === undefined ? '' : ' on a reused connection',
  ].join('');
  const played = parts.map(translatePart).join('; ') || translatePart('the usual answer');
  return `${translatePart(`${count}${which}`)}${translatePart(': ')}${played}`;
};
