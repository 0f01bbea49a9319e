import { type CatalogueCase, checkTitles } from '../../../conformance/certify/catalogue/case.ts';
import { correctHandling } from '../../../conformance/certify/catalogue/handling.ts';
import { catalogue } from '../../../conformance/certify/catalogue/index.ts';

import { driveModes, type PlayStep } from '../../../conformance/certify/types.ts';
import { languageNames, languages } from '../../../doctor/catalogue/remedy.ts';
import { suggest } from '../../../problems/did-you-mean.ts';
import { exitCodes } from '../../exit-codes.ts';
import { formatJson, usageError } from '../../input-output.ts';

interface ShowCatalogueOptions {
  readonly explain?: string;
  readonly json?: boolean;
}

/** Prints the list of cases, or one of them in full. */
export const showCatalogue = ({ explain, json = false }: ShowCatalogueOptions): number => {
  if (explain !== undefined) {
    const found = findCase(explain);
    process.stdout.write(json ? formatJson(found) : explainCase(found));
    return exitCodes.ok;
  }
  process.stdout.write(json ? formatJson(catalogue) : `${catalogue.map(listLine).join('\n')}\n`);
  return exitCodes.ok;
};

/** @throws StartupError for an id that the catalogue does not have */
export const findCase = (id: string): CatalogueCase => {
  const found = catalogue.find((one) => one.id === id);
  if (found !== undefined) return found;
  const ids = catalogue.map((one) => one.id);
  throw usageError(id, 'is not a case of the catalogue', suggest(id, ids, 'certify --list'));
};

const operationsText = ({ operations }: CatalogueCase): string =>
  operations === 'all' ? 'all operations' : operations.join(', ');

const listLine = (one: CatalogueCase): string => {
  const { id, title, severity, basis, expectedMs = 500 } = one;
  const seconds = (expectedMs / 1000).toFixed(1);
  const weight = `${severity}, ${basis[0].kind}`;
  return `${id.padEnd(10)} ${title.en} · ${weight} · ${operationsText(one)} · ${seconds} s`;
};

const explainCase = (one: CatalogueCase): string => {
  const { id, title, severity, basis, variants, must, why, remedy, modes = driveModes } = one;
  const sources = basis.map(({ kind, register, source }) =>
    [kind, register, source].filter((part) => part !== undefined).join(', '),
  );
  const names = Object.keys(variants ?? {});
  return `${[
    `${id}: ${title.en} (${severity})`,
    '',
    `Your application  ${must}`,
    `Why               ${why}`,
    '',
    'Plays',
    ...(one.play.length === 0
      ? ['  the usual answer']
      : one.play.map((step) => `  ${describePlayStep(step)}`)),
    '  then the usual answer',
    ...(names.length === 0 ? [] : [`  variants: ${names.join(', ')}`]),
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
  return `${count}${which}: ${parts.join('; ') || 'the usual answer'}`;
};
