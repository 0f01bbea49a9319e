import { useMemo } from 'preact/hooks';
import type { Diagnosis, DoctorFinding, Exchange } from '../../../server/admin/types.gen.ts';
import { toBytes } from '../../components/byte-cells.ts';
import { ByteDifference } from '../../components/byte-text.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { Tabs } from '../../components/controls.tsx';
import { formatRemedy } from '../../components/format.ts';
import { ServerText } from '../../components/server-text.tsx';
import { useMessages, useRemedyTexts } from '../../i18n/use-messages.ts';
import {
  codeLanguage,
  codeLanguageNames,
  codeLanguages,
  usePreference,
} from '../../shell/preferences.ts';

export interface DiagnosisCardProps {
  readonly exchange: Exchange;
  readonly diagnosis: Diagnosis;
}

/** A diagnosis: the mistake, the bytes that prove it, and the fix. */
export const DiagnosisCard = ({ exchange, diagnosis }: DiagnosisCardProps) => {
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
