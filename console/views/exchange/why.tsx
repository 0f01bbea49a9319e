import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Diagnosis, DoctorFinding, Exchange } from '../../../server/admin/types.gen.ts';
import { fetchJson, useContract } from '../../api/admin.ts';
import { ByteDifference, toBytes } from '../../components/byte-text.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { classifyDelivery, findFault, formatDelivery } from '../../components/exchange-status.tsx';
import { formatRemedy } from '../../components/format.ts';
import { Loading, Tabs } from '../../components/widgets.tsx';
import {
  type Messages,
  Reason,
  ServerText,
  useMessages,
  useRemedyTexts,
} from '../../i18n/messages.tsx';
import {
  codeLanguage,
  codeLanguageNames,
  codeLanguages,
  usePreference,
} from '../../shell/browser-storage.ts';
import { hrefFor } from '../../shell/route.ts';
import { ComparisonView } from './compare.tsx';

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

export interface DiagnosisCardProps {
  readonly exchange: Exchange;
  readonly diagnosis: Diagnosis;
}

/** A diagnosis: the mistake, the bytes that prove it, and the fix. */
const DiagnosisCard = ({ exchange, diagnosis }: DiagnosisCardProps) => {
  const t = useMessages();
  const { cause, alsoCause, subject, evidence, notes, exhausted } = diagnosis;
  return (
    <section class="why refused" aria-labelledby="why-title">
      <p class="why-kicker">{t.why.refusedAt(t.steps[exchange.step]?.name ?? exchange.step)}</p>
      <h2 id="why-title" class="why-title">
        {cause === undefined ? t.why.unexplained[subject] : <FindingText finding={cause} />}
      </h2>
      {cause !== undefined && <FindingLine finding={cause} />}
      {alsoCause !== undefined && (
        <div class="why-also">
          <h3>{t.why.also}</h3>
          <p>
            <FindingText finding={alsoCause} />
          </p>
          <FindingLine finding={alsoCause} />
        </div>
      )}
      <SignedContent diagnosis={diagnosis} />
      {cause !== undefined && <RemedyTabs finding={cause} />}
      {alsoCause !== undefined && <RemedyTabs finding={alsoCause} />}
      <Evidence diagnosis={{ evidence, notes, exhausted }} isOpen={cause === undefined} />
    </section>
  );
};

const FindingText = ({ finding }: { readonly finding: DoctorFinding }) => {
  const t = useMessages();
  const translated = t.findings[finding.id];
  return translated === undefined ? <span lang="en">{finding.sentence}</span> : <>{translated}</>;
};

const FindingLine = ({ finding: { id, detail } }: { readonly finding: DoctorFinding }) => (
  <p class="finding-line">
    <code>{id}</code>
    {detail !== undefined && <ServerText text={detail} />}
  </p>
);

/**
 * Compares the signed bytes with the expected ones, if the doctor could reconstruct the signed
 * ones.
 */
const SignedContent = ({ diagnosis: { expected, signed } }: { readonly diagnosis: Diagnosis }) => {
  const t = useMessages();
  const [wanted, found] = [expected?.contentBase64, signed?.contentBase64];
  const left = useMemo(() => (found === undefined ? undefined : toBytes(found)), [found]);
  const right = useMemo(() => (wanted === undefined ? undefined : toBytes(wanted)), [wanted]);
  if (right === undefined || (left !== undefined && found === wanted)) return null;
  return (
    <div class="why-part">
      <h3>{left === undefined ? t.why.toBeSigned : t.why.difference}</h3>
      <p class="quiet">
        {left === undefined
          ? t.why.toBeSignedMore
          : `${describeFirstDifference(left, right, t.why.firstAt)} ${t.why.differenceMore}`}
      </p>
      {left === undefined ? (
        <ByteDifference sides={[{ label: t.why.sent, bytes: right }]} />
      ) : (
        <ByteDifference
          sides={[
            { label: t.why.signed, bytes: left },
            { label: t.why.sent, bytes: right },
          ]}
        />
      )}
    </div>
  );
};

const describeFirstDifference = (
  left: Uint8Array,
  right: Uint8Array,
  say: (byte: number, line: number) => string,
): string => {
  const at = right.findIndex((byte, index) => byte !== left[index]);
  const first = at < 0 ? right.length : at;
  return say(first + 1, right.subarray(0, first).filter((byte) => byte === 10).length + 1);
};

interface EvidenceProps {
  readonly diagnosis: Pick<Diagnosis, 'evidence' | 'notes' | 'exhausted'>;
  readonly isOpen: boolean;
}

const Evidence = ({ diagnosis: { evidence, notes, exhausted }, isOpen }: EvidenceProps) => {
  const t = useMessages();
  if (evidence.length === 0 && notes.length === 0 && exhausted) return null;
  return (
    <details class="why-details" open={isOpen}>
      <summary>{t.why.evidence}</summary>
      {evidence.length > 0 && (
        <>
          <h3>{t.why.certain}</h3>
          <ul>
            {evidence.map((sentence) => (
              <li key={sentence}>
                <ServerText text={sentence} />
              </li>
            ))}
          </ul>
        </>
      )}
      {notes.length > 0 && (
        <>
          <h3>{t.why.harmless}</h3>
          <ul>
            {notes.map(({ id, sentence }) => (
              <li key={id}>
                <ServerText text={sentence} /> <code>{id}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {!exhausted && <p>{t.why.stopped}</p>}
    </details>
  );
};

/** The fix in the chosen programming language. */
export const RemedyTabs = ({
  finding,
  title,
}: {
  /** By programming language. */
  readonly finding: { readonly remedy: object };
  readonly title?: string;
}) => {
  const t = useMessages();
  const chosen = usePreference(codeLanguage);
  const translate = useRemedyTexts();
  const remedy: unknown = Object.entries(finding.remedy).find(([name]) => name === chosen)?.[1];
  return (
    <div class="why-part fix">
      <h3>{title ?? t.why.fix}</h3>
      <Tabs
        label={t.why.fixLanguage}
        tabs={codeLanguages.map((value) => ({ value, label: codeLanguageNames[value] }))}
        chosen={chosen}
        onChoose={codeLanguage.choose}
      >
        <CodeBlock code={formatRemedy(translate(String(remedy ?? '')), chosen)} label={t.why.fix} />
      </Tabs>
    </div>
  );
};
