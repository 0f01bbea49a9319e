import type { Diagnosis } from '../diagnosis.ts';
import type { Finding } from '../finding.ts';
import { type Language, languages } from '../remedies/remedy.ts';
import { renderDiff } from './render-diff.ts';
import { visibleBytes } from './visible-bytes.ts';

export interface RenderOptions {
  /** One remedy instead of all six. */
  readonly language?: Language;
}

const names: Readonly<Record<Language, string>> = {
  java: 'Java',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  node: 'Node',
};

const verdicts: Readonly<
  Record<Diagnosis['subject'], Readonly<Record<Diagnosis['verdict'], string>>>
> = {
  signature: {
    valid: 'The signature is good.',
    mistake: 'The signature was refused, and this is why:',
    unexplained: 'The signature does not verify. What is certain does not add up to a cause:',
  },
  sealing: {
    valid: 'The encrypted body opens as expected.',
    mistake: 'The encrypted body is not as expected, and this is why:',
    unexplained: 'The encrypted body cannot be opened. What is certain does not add up to a cause:',
  },
};

/** A diagnosis for a terminal: plain text, no colours, no control characters. */
export const renderDiagnosis = (diagnosis: Diagnosis, { language }: RenderOptions = {}): string => {
  const { cause, alsoCause, certain, notes, exhausted } = diagnosis;
  return [
    verdicts[diagnosis.subject][diagnosis.verdict],
    ...(cause === undefined ? [] : findingLines(cause, language)),
    ...(alsoCause === undefined ? [] : ['', 'And besides:', ...findingLines(alsoCause, language)]),
    ...section('Certain', certain),
    ...(diagnosis.verdict === 'valid' ? [] : contentLines(diagnosis)),
    ...section(
      'Also noticed, harmless',
      notes.map(({ id, sentence }) => `${sentence} (${id})`),
    ),
    ...(exhausted ? [] : ['', 'The search was stopped at its limit: not every variant was tried.']),
  ].join('\n');
};

const findingLines = (
  { id, sentence, detail, remedy }: Finding,
  language: Language | undefined,
): readonly string[] => [
  '',
  `  ${id}${detail === undefined ? '' : `: ${oneLine(detail)}`}`,
  `  ${sentence}`,
  '',
  ...(language === undefined ? languages : [language]).map(
    (name) => `  ${`${names[name]}:`.padEnd(8)}${remedy[name]}`,
  ),
];

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  - ${oneLine(line)}`)];

const shownBytes = 400;

const contentLines = ({ expected, signed }: Diagnosis): readonly string[] => {
  if (expected === undefined) return [];
  const digests =
    signed?.digestHex === undefined
      ? []
      : [
          `  digest signed    ${signed.digestHex} (${signed.hash ?? '?'})`,
          `  digest expected  ${expected.digestHex} (sha256)`,
        ];
  const difference =
    signed?.content === undefined
      ? []
      : ['', ...renderDiff(expected.content, signed.content).split('\n')];
  return [
    '',
    'Content that should have been signed:',
    `  ${showValue(expected.content)}`,
    ...digests,
    ...difference,
  ];
};

const showValue = (content: Buffer): string => {
  const text = visibleBytes(content, 0, shownBytes).join('');
  return content.length > shownBytes ? `${text}… (${content.length} bytes)` : text;
};

/** Details quote the message, and a message may hold anything. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
