import { useEffect, useState } from 'preact/hooks';
import type { Diagnosis, Exchange } from '../../../server/admin/types.gen.ts';
import { fetchJson } from '../../api/admin-client.ts';
import { useContract } from '../../api/contract.ts';
import { classifyDelivery, findFault, formatDelivery } from '../../components/delivery.ts';
import { Loading } from '../../components/notice.tsx';
import { Reason, ServerText } from '../../components/server-text.tsx';
import type { Messages } from '../../i18n/messages.ts';
import { useMessages } from '../../i18n/use-messages.ts';

import { hrefFor } from '../../shell/route.ts';
import { ComparisonView } from './compare.tsx';
import { DiagnosisCard } from './diagnosis.tsx';

/** Steps whose refusals the doctor can explain. */
const diagnosableSteps: readonly string[] = ['verify-signature', 'decrypt-body'];

/**
 * Explains the outcome: the diagnosis if there is one, otherwise the reason of the deciding step.
 */
export const Why = ({ exchange }: { readonly exchange: Exchange }) => {
  const { diagnosis, status, step, code } = exchange;
  if (diagnosis !== undefined && diagnosis.verdict !== 'valid')
    return <DiagnosisCard exchange={exchange} diagnosis={diagnosis} />;
  const isOpen =
    diagnosis === undefined &&
    status === 'F' &&
    diagnosableSteps.includes(step) &&
    code !== 'KEY_NOT_FOUND';
  return isOpen ? <DiagnosisOnDemand exchange={exchange} /> : <RefusalReason exchange={exchange} />;
};

/**
 * The journal runs the diagnosis only for exchanges that the gateway passed to the doctor; for
 * others the page requests it.
 */
const DiagnosisOnDemand = ({ exchange }: { readonly exchange: Exchange }) => {
  const [asked, setAsked] = useState<{ readonly diagnosis?: Diagnosis } | undefined>();
  useEffect(() => {
    let isHere = true;
    void fetchJson<{ readonly diagnoses: readonly Diagnosis[] }>('/doctor', {
      method: 'POST',
      body: exchange,
    })
      .then(({ diagnoses }) => diagnoses.find(({ verdict }) => verdict !== 'valid'))
      .catch(() => undefined)
      .then((diagnosis) => isHere && setAsked(diagnosis === undefined ? {} : { diagnosis }));
    return () => {
      isHere = false;
    };
  }, [exchange]);
  if (asked === undefined) return <Loading />;
  return asked.diagnosis === undefined ? (
    <RefusalReason exchange={exchange} />
  ) : (
    <DiagnosisCard exchange={exchange} diagnosis={asked.diagnosis} />
  );
};

/** The reason of the deciding step, with the meaning of the code and advice. */
export const RefusalReason = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const contract = useContract();
  const { step, code, status, reason, basis, notes, operation, tags } = exchange;
  const { observed = [] } = exchange;
  const isMismatch = tags.includes('mismatch');
  const { look, kicker, title, withReason } = composeHeadline(exchange, t);
  const row = contract?.resultRow(operation, code);
  const advice = isMismatch
    ? t.why.mismatchAdvice
    : (t.advice[`${step}/${code}`] ?? t.advice[step]);
  const isGood = status === 'S';
  const faults = splitFieldErrors(exchange);
  return (
    <section class={`why ${look}`} aria-labelledby="why-title">
      <p class="why-kicker">{kicker}</p>
      <h2 id="why-title" class="why-title">
        {title ??
          (faults === undefined ? (
            <Reason reason={asSentence(reason)} />
          ) : (
            t.why.fieldsAtFault(faults.length)
          ))}
      </h2>
      {withReason && (
        <p>
          {t.why.decision(code)} <Reason reason={reason} />
        </p>
      )}
      {(isMismatch || tags.includes('duplicate')) && <FirstUse exchange={exchange} />}
      {faults !== undefined && <InvalidFields faults={faults} />}
      {(!isGood || isMismatch) && advice !== undefined && (
        <div class="why-part">
          <h3>{t.why.todo}</h3>
          <p>{advice}</p>
        </div>
      )}
      {/* The contract's meaning of this code is about missing fields, not about the id. */}
      {!isGood && !isMismatch && row !== undefined && (
        <div class="why-part">
          <h3>{t.why.codeMeans(code)}</h3>
          <p>
            <ServerText text={row.meaning} />
          </p>
          {row.retry !== undefined && <p class="quiet">{t.retry[row.retry] ?? row.retry}</p>}
        </div>
      )}
      {notes.length > 0 && (
        <div class="why-part">
          <h3>{exchange.outbound === undefined ? t.why.tolerated : t.outbound.problems}</h3>
          <ul>
            {notes.map(({ id, sentence }) => (
              <li key={`${id}${sentence}`}>
                <Reason reason={sentence} /> <code>{id}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {basis.length > 0 && (
        <p class="quiet basis">
          {t.why.basedOn}{' '}
          {basis.map((id) => (
            <a key={id} class="mono" href={hrefFor('integration', 'register', { entry: id })}>
              {id}
              {observed.includes(id) && ` (${t.register.observed})`}{' '}
            </a>
          ))}
        </p>
      )}
    </section>
  );
};

/** Links to the first exchange with the same request id. */
const FirstUse = ({ exchange: { firstUse, tags, id } }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  return firstUse === undefined ? (
    <p class="quiet">{t.why.firstUseGone}</p>
  ) : (
    <>
      <p>
        <a class="button" href={hrefFor('exchanges', firstUse)}>
          {t.why.firstUse}
        </a>
      </p>
      {tags.includes('mismatch') && (
        <div class="why-part">
          <h3>
            {t.compare.changedTitle}{' '}
            <a href={hrefFor('compare', `${firstUse}..${id}`)}>{t.compare.openBoth}</a>
          </h3>
          <ComparisonView first={firstUse} second={id} />
        </div>
      )}
    </>
  );
};

/**
 * The messages of a validation, one for each field; undefined if the reason is a single sentence.
 */
const splitFieldErrors = ({ step, reason }: Exchange): readonly string[] | undefined =>
  step === 'validate-request' && /^[\w.[\]]+: /.test(reason)
    ? reason.split(/; (?=[\w.[\]]+: )/)
    : undefined;

const InvalidFields = ({ faults }: { readonly faults: readonly string[] }) => (
  <ul class="faults">
    {faults.map((fault) => {
      const cut = fault.indexOf(': ');
      return (
        <li key={fault}>
          <code>{fault.slice(0, cut)}</code> <Reason reason={fault.slice(cut + 2)} />
        </li>
      );
    })}
  </ul>
);

const asSentence = (reason: string): string =>
  /^\w+:/.test(reason) ? reason : reason.charAt(0).toUpperCase() + reason.slice(1);

/**
 * Headline of an exchange. A lost, repeated or stale result is never presented as a plain success.
 */
export interface Headline {
  readonly look: 'accepted' | 'unknown' | 'refused';
  readonly kicker: string;
  /** undefined: the reason of the deciding step is the title. */
  readonly title: string | undefined;
  /** Whether the reason is shown below the title. */
  readonly withReason: boolean;
}

export const composeHeadline = (exchange: Exchange, t: Messages): Headline => {
  const { status, step, tags, reply, code } = exchange;
  const delivery = classifyDelivery(exchange);
  const fault = findFault(tags) ?? '';
  if (exchange.outbound !== undefined)
    return {
      look: exchange.outbound.acknowledged ? 'accepted' : status === 'F' ? 'refused' : 'unknown',
      kicker: exchange.outbound.acknowledged ? t.outbound.acknowledged : t.outbound.notAcknowledged,
      title: undefined,
      withReason: false,
    };
  if (delivery === 'nothing')
    return {
      look: 'unknown',
      kicker: t.delivery.notDelivered,
      title: t.delivery.nothingDelivered(
        t.delivery.endings[fault] ?? t.delivery.ending(fault, exchange.delivery.endedBy),
        code,
      ),
      withReason: true,
    };
  if (delivery === 'incomplete')
    return {
      look: 'unknown',
      kicker: t.pipeline.results.incomplete,
      title: formatDelivery(exchange, t),
      withReason: true,
    };
  if (delivery === 'altered')
    return {
      look: 'unknown',
      kicker: t.delivery.altered,
      title: t.delivery.alteredBy(fault, reply.httpStatus, code),
      withReason: true,
    };
  if (tags.includes('mismatch'))
    return {
      look: status === 'S' ? 'unknown' : 'refused',
      kicker:
        status === 'S' ? t.delivery.otherContent : t.why.refusedAt(t.steps[step]?.name ?? step),
      title: t.why.mismatchTitle,
      withReason: false,
    };
  if (tags.includes('duplicate'))
    return {
      look: 'unknown',
      kicker: t.delivery.repeated,
      title: t.why.repeatedTitle(code),
      withReason: false,
    };
  if (tags.includes('stale') && status === 'S')
    return {
      look: 'unknown',
      kicker: t.delivery.stale,
      title: t.why.staleTitle(code),
      withReason: true,
    };
  if (status === 'S')
    return { look: 'accepted', kicker: t.why.accepted, title: undefined, withReason: false };
  return {
    look: status === 'U' ? 'unknown' : 'refused',
    kicker: t.why.refusedAt(t.steps[step]?.name ?? step),
    title: undefined,
    withReason: false,
  };
};
