import { printable } from '../../problems/display-text.ts';
import { leadSentence, type ReportFinding, type TestReport } from './test-report.ts';

/**
 * The report as workflow commands: GitHub shows each error and warning as an annotation, at its
 * line of the file where it has one. A workflow command works when a step prints it. Notes are left
 * out: GitHub shows ten annotations of a step.
 */
export const renderGithub = ({ cases }: TestReport): string =>
  cases
    .flatMap((one) => {
      const title = `${one.group}: ${one.name}`;
      const shown = one.findings.filter(({ level }) => level !== 'note');
      if (shown.length > 0) return shown.map((finding) => command(finding, title));
      return one.status === 'failed' || one.status === 'error'
        ? [command({ rule: one.status, level: 'error', message: leadSentence(one) }, title)]
        : [];
    })
    .map((line) => `${line}\n`)
    .join('');

const command = ({ level, message, remedy, location }: ReportFinding, title: string): string => {
  const { file, line, column } = location ?? {};
  const properties = Object.entries({ file, line, col: line && column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const text = remedy === undefined ? message : `${message}\n${remedy}`;
  return `::${level} ${properties.join(',')}::${escapeData(text)}`;
};

/** As `@actions/core` does: a line feed would end the command, and the rest could be another. */
const escapeData = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
