import type { Progress } from '../../../conformance/certify/harness/runner.ts';
import {
  renderCaseLine,
  type TerminalOptions,
} from '../../../conformance/certify/render-terminal.ts';
import type { CaseResult, CaseVerdict } from '../../../conformance/certify/result.ts';
import { caseLabel } from '../../../conformance/certify/to-test-report.ts';
import type { JobEnd, JobRecord } from '../../../conformance/certify/types.ts';
import { printable } from '../../../problems/display-text.ts';
import { translateOutput, writeStyled } from '../../input-output.ts';
import { translateCertify } from '../certify-reports.ts';

/** Back to the first column, and the rest of the line erased. */
const eraseLine = '\r\u001b[K';

/** The rest is in the folder of the run. */
const maxLogLines = 8;

const explainEnd = (end: JobEnd): string => {
  if (end.kind === 'exited') return `the driver ended with exit code ${end.code}`;
  if (end.kind === 'signalled') return `the driver was ended by ${end.signal}`;
  return end.kind === 'deadline' ? 'the driver did not end in time' : '';
};

/** Prints cases as they end, and below them how far the run is. */
export class RunPrinter {
  readonly #stream: NodeJS.WriteStream;
  readonly #showsProgress: boolean;
  readonly options: TerminalOptions;
  #hasPrintedLog = false;
  readonly #printed = new Map<string, CaseVerdict>();

  /** @param isStdoutTaken a report goes to standard output */
  constructor(isStdoutTaken: boolean) {
    this.#stream = isStdoutTaken ? process.stderr : process.stdout;
    const isStyled = this.#stream.isTTY === true && process.env['NO_COLOR'] === undefined;
    this.options = { isStyled, translate: translateCertify };
    this.#showsProgress = process.stderr.isTTY === true;
  }

  printCase(result: CaseResult): void {
    this.#printed.set(caseLabel(result), result.verdict);
    this.#erase();
    writeStyled(`${renderCaseLine(result, this.options)}\n`, this.#stream);
  }

  /** Shows a person what to do next. */
  ask(text: string): void {
    this.#erase();
    const lines = text.split('\n').map(translateOutput);
    writeStyled(`\n${printable(lines.join('\n'))}\n`, this.#stream);
  }

  /** What a driver wrote whose first contact shows nothing: most likely it is not set up yet. */
  printLog({ verdict }: CaseResult, jobs: readonly JobRecord[]): void {
    const last = jobs.at(-1);
    if ((verdict !== 'ERROR' && verdict !== 'NOT JUDGED') || last === undefined) return;
    if (this.#hasPrintedLog) return;
    this.#hasPrintedLog = true;
    const { log, end, remarks } = last;
    const lines = [
      ...log.trimEnd().split('\n').slice(-maxLogLines),
      ...remarks,
      explainEnd(end),
    ].map(translateOutput);
    const text = lines.filter((line) => line !== '').map((line) => `    ${printable(line)}\n`);
    writeStyled(text.join(''), this.#stream);
  }

  showProgress({ done, total, leftMs, running }: Progress): void {
    if (!this.#showsProgress || running === 0) return;
    const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 1000)} s left`;
    const text = translateOutput(`${done} of ${total} cases, ${running} running${left}`);
    writeStyled(`${eraseLine}${text}`, process.stderr);
  }

  /** Prints again what the rest of the run has changed, so that no line contradicts the summary. */
  printChanged(cases: readonly CaseResult[]): void {
    const changed = cases.filter((one) => {
      const before = this.#printed.get(caseLabel(one));
      return before !== undefined && before !== one.verdict;
    });
    if (changed.length === 0) return;
    this.#erase();
    writeStyled(`\n${translateOutput('after the whole run:')}\n`, this.#stream);
    for (const one of changed) this.printCase(one);
  }

  /** @param summary its lines are escaped already */
  end(summary: string): void {
    this.#erase();
    writeStyled(`\n${summary}`, this.#stream);
  }

  #erase(): void {
    if (this.#showsProgress) writeStyled(eraseLine, process.stderr);
  }
}
