import type { MerchantIdentity } from '../../sdk/client/signed-call.ts';
import { readTarget } from '../requests/http-bytes.ts';
import type { Answer } from './answer.ts';
import { isSealed, isVerified, openAnswer, resultCodeIn } from './check-answer.ts';

const verifyEvery = 50;

/**
 * Counts every answer by its result code; what is costly to check waits until the timed part is
 * over.
 */
export class Tally {
  readonly codes: Record<string, number> = {};
  readonly #expected: string;
  readonly #merchant: MerchantIdentity | undefined;
  readonly #sealed: Answer[] = [];
  readonly #toVerify: { readonly answer: Answer; readonly request: Buffer }[] = [];
  #answers = 0;
  #notFound = 0;

  /** @param merchant given when the answers are signed */
  constructor(expected: string, merchant: MerchantIdentity | undefined) {
    this.#expected = expected;
    this.#merchant = merchant;
  }

  take(request: Buffer, answer: Answer): void {
    if (answer.status !== 200) this.#notFound++;
    if (this.#merchant !== undefined && this.#answers++ % verifyEvery === 0)
      this.#toVerify.push({ answer, request });
    if (this.#merchant !== undefined && isSealed(answer)) this.#sealed.push(answer);
    else this.#count(answer.body);
  }

  /** What is wrong with the answers, in sentences. */
  conclude(): { readonly verified: number; readonly errors: readonly string[] } {
    const merchant = this.#merchant;
    if (merchant !== undefined)
      for (const answer of this.#sealed) this.#count(openAnswer(answer, merchant));
    const verified = this.#toVerify.filter(
      ({ answer, request }) => merchant && isVerified(answer, readTarget(request), merchant),
    ).length;
    const unverified = this.#toVerify.length - verified;
    const wrong = Object.entries(this.codes).filter(
      ([code]) => this.#expected !== '*' && code !== this.#expected,
    );
    return {
      verified,
      errors: [
        ...wrong.map(
          ([code, count]) => `${count} answers with ${code} instead of ${this.#expected}`,
        ),
        ...(this.#notFound > 0
          ? [`${this.#notFound} answers with another HTTP status than 200`]
          : []),
        // A refusal before the signature has verified is not signed, and must not be.
        ...(unverified > 0 && this.#expected === 'SUCCESS'
          ? [`${unverified} of ${this.#toVerify.length} signatures do not verify`]
          : []),
      ],
    };
  }

  #count(body: Buffer): void {
    const code = resultCodeIn(body) ?? '(no result code)';
    this.codes[code] = (this.codes[code] ?? 0) + 1;
  }
}
