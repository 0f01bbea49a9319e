import type { Exchange } from '../api/journal.ts';
import { useContract } from '../contract/use-contract.ts';
import { useWords } from '../words/use-words.ts';

/** What the deciding step itself said, in its own words, with what the code means and what to do about it. */
export const GatewaysReason = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const contract = useContract();
  const { step, code, status, reason, basis, notes, operation } = exchange;
  const row = contract?.resultRow(operation, code);
  const advice = t.advice[`${step}/${code}`] ?? t.advice[step];
  const isGood = status === 'S';
  const faults = faultyFields(exchange);
  return (
    <section class={`why ${isGood ? 'accepted' : status === 'U' ? 'unknown' : 'refused'}`} aria-labelledby="why-title">
      <p class="why-kicker">{isGood ? t.why.accepted : t.why.refusedAt(t.steps[step]?.name ?? step)}</p>
      <h2 id="why-title" class="why-title">
        {faults === undefined ? <span lang="en">{asSentence(reason)}</span> : t.why.fieldsAtFault(faults.length)}
      </h2>
      {faults !== undefined && <Fields faults={faults} />}
      {!isGood && advice !== undefined && (
        <div class="why-part">
          <h3>{t.why.todo}</h3>
          <p>{advice}</p>
        </div>
      )}
      {!isGood && row !== undefined && (
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

/** The fields that a validation found at fault, each with its own line; undefined where the reason is one sentence. */
const faultyFields = ({ step, reason }: Exchange): readonly string[] | undefined =>
  step === 'validate-request' && /^[\w.[\]]+: /.test(reason) ? reason.split(/; (?=[\w.[\]]+: )/) : undefined;

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

const asSentence = (reason: string): string => (/^\w+:/.test(reason) ? reason : reason.charAt(0).toUpperCase() + reason.slice(1));
