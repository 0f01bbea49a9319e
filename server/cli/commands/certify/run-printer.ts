import type { Progress } from '../../../conformance/certify/harness/runner.ts';
import { renderCaseLine } from '../../../conformance/certify/render-terminal.ts';
import type { CaseResult } from '../../../conformance/certify/result.ts';
import { writeStyled } from '../../input-output.ts';

/** Back to the first column, and the rest of the line erased. */
const eraseLine = '\r\u001b[K';

/** Prints cases as they end, and below them how far the run is. */
export class RunPrinter {
  readonly #stream: NodeJS.WriteStream;
  readonly #showsProgress: boolean;
  readonly isStyled: boolean;

  /** @param isStdoutTaken a report goes to standard output */
  constructor(isStdoutTaken: boolean) {
    this.#stream = isStdoutTaken ? process.stderr : process.stdout;
    this.isStyled = this.#stream.isTTY === true && process.env['NO_COLOR'] === undefined;
    this.#showsProgress = process.stderr.isTTY === true;
  }

  printCase(result: CaseResult): void {
    this.#erase();
    writeStyled(`${renderCaseLine(result, { isStyled: this.isStyled })}\n`, this.#stream);
  }

  showProgress({ done, total, leftMs, running }: Progress): void {
    if (!this.#showsProgress || running === 0) return;
    const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 1000)} s left`;
    writeStyled(`${eraseLine}${done} of ${total} cases, ${running} running${left}`, process.stderr);
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
