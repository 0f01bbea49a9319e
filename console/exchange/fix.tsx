import type { DoctorFinding } from '../api/journal.ts';
import { CodeBlock } from '../pieces/code-block.tsx';
import { Tabs } from '../pieces/tabs.tsx';
import { codeLanguage, codeLanguageNames, codeLanguages } from '../settings/code-language.ts';
import { useRemembered } from '../settings/remembered.ts';
import { useWords } from '../words/use-words.ts';
import { remedyLines } from './remedy-lines.ts';

/** What to write instead, in the merchant's own language. */
export const Fix = ({ finding }: { readonly finding: DoctorFinding }) => {
  const t = useWords();
  const chosen = useRemembered(codeLanguage);
  const remedy: unknown = Object.entries(finding.remedy).find(([name]) => name === chosen)?.[1];
  return (
    <div class="why-part fix">
      <h3>{t.why.fix}</h3>
      <Tabs
        label={t.why.fixLanguage}
        tabs={codeLanguages.map((value) => ({ value, label: codeLanguageNames[value] }))}
        chosen={chosen}
        onChoose={codeLanguage.choose}
      >
        <CodeBlock code={remedyLines(String(remedy ?? ''), chosen)} label={t.why.fix} />
      </Tabs>
    </div>
  );
};
