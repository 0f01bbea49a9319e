import type { Exchange } from '../api/journal.ts';
import { useContract } from '../contract/use-contract.ts';
import { hrefOf } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { headlineOf } from './headline.ts';

/**
 * What the deciding step itself said, in its own words, with what the code means and what to do
 * about it.
 */
export const GatewaysReason = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const contract = useContract();
  const { step, code, status, reason, basis, notes, operation, marks } = exchange;
  const isMismatch = marks.includes('mismatch');
  const { look, kicker, title, withReason } = headlineOf(exchange, t);
  const row = contract?.resultRow(operation, code);
  const advice = isMismatch
    ? t.why.mismatchAdvice
    : (t.advice[`${step}/${code}`] ?? t.advice[step]);
  const isGood = status === 'S';
  const faults = faultyFields(exchange);
  return (
    <section class={`why ${look}`} aria-labelledby="why-title">
      <p class="why-kicker">{kicker}</p>
      <h2 id="why-title" class="why-title">
        {title ??
          (faults === undefined ? (
            <span lang="en">{asSentence(reason)}</span>
          ) : (
            t.why.fieldsAtFault(faults.length)
          ))}
      </h2>
      {withReason && (
        <p>
          {t.why.decided(code)} <span lang="en">{reason}</span>
        </p>
      )}
      {(isMismatch || marks.includes('duplicate')) && <FirstUse exchange={exchange} />}
      {faults !== undefined && <Fields faults={faults} />}
      {(!isGood || isMismatch) && advice !== undefined && (
        <div class="why-part">
          <h3>{t.why.todo}</h3>
          <p>{advice}</p>
        </div>
      )}
      {/* The contract's sentence on the code is about fields that are missing, not about the id. */}
      {!isGood && !isMismatch && row !== undefined && (
        <div class="why-part">
          <h3>{t.why.codeMeans(code)}</h3>
          <p lang="en">{row.meaning}</p>
          {row.retry !== undefined && <p class="quiet">{t.retry[row.retry] ?? row.retry}</p>}
        </div>
      )}
      {notes.length > 0 && (
        <div class="why-part">
          <h3>{t.why.letPass}</h3>
          <ul lang="en">
            {notes.map(({ id, sentence }) => (
              <li key={`${id}${sentence}`}>
                {sentence} <code>{id}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {basis.length > 0 && (
        <p class="quiet basis">
          {t.why.restsOn} <code>{basis.join(', ')}</code>
        </p>
      )}
    </section>
  );
};

/** Where the request id was used first: comparing the two shows what differs. */
const FirstUse = ({ exchange: { firstUse } }: { readonly exchange: Exchange }) => {
  const t = useWords();
  return firstUse === undefined ? (
    <p class="quiet">{t.why.firstUseGone}</p>
  ) : (
    <p>
      <a class="button" href={hrefOf('exchanges', firstUse)}>
        {t.why.firstUse}
      </a>
    </p>
  );
};

/**
 * The fields that a validation found at fault, each with its own line; undefined where the reason
 * is one sentence.
 */
const faultyFields = ({ step, reason }: Exchange): readonly string[] | undefined =>
  step === 'validate-request' && /^[\w.[\]]+: /.test(reason)
    ? reason.split(/; (?=[\w.[\]]+: )/)
    : undefined;

const Fields = ({ faults }: { readonly faults: readonly string[] }) => (
  <ul class="faults" lang="en">
    {faults.map((fault) => {
      const cut = fault.indexOf(': ');
      return (
        <li key={fault}>
          <code>{fault.slice(0, cut)}</code> {fault.slice(cut + 2)}
        </li>
      );
    })}
  </ul>
);

const asSentence = (reason: string): string =>
  /^\w+:/.test(reason) ? reason : reason.charAt(0).toUpperCase() + reason.slice(1);
