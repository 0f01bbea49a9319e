import { translateServerText } from '../domain/chinese/server-texts.ts';
import { mistakesInChinese, notesInChinese, translateRemedy } from './catalogue/chinese-texts.ts';
import { isMistakeId, type Mistake, type Note } from './catalogue/mistakes.ts';
import { type Language, languageNames, languages } from './catalogue/remedies.ts';
import type { Diagnosis } from './diagnosis.ts';

export interface RenderOptions {
  /** One remedy instead of all six. */
  readonly language?: Language;
  /** Of the sentences; what was signed is quoted as it is. Default `en`. */
  readonly lang?: RenderLanguage;
}

export type RenderLanguage = 'en' | 'zh-hant';

interface RenderTexts {
  readonly verdicts: Readonly<
    Record<Diagnosis['subject'], Readonly<Record<Diagnosis['verdict'], string>>>
  >;
  readonly besides: string;
  readonly certain: string;
  readonly harmless: string;
  readonly expected: string;
  readonly digestSigned: string;
  readonly digestExpected: string;
  readonly exhausted: string;
  readonly diff: DiffTexts;
}

/** How a difference is described; those of the excerpts are of one width. */
interface DiffTexts {
  readonly none: (bytes: number) => string;
  readonly first: (at: number, line: number, lengths: readonly [number, number]) => string;
  readonly expected: string;
  readonly found: string;
  readonly end: string;
  readonly bytes: (count: number) => string;
}

const englishDiff: DiffTexts = {
  none: (bytes) => `no difference (${bytes} bytes)`,
  first: (at, line, [expected, found]) =>
    `first difference at byte ${at}, line ${line} (expected ${expected} bytes, found ${found})`,
  expected: 'expected  ',
  found: 'found     ',
  end: '(ends here)',
  bytes: (count) => `(${count} bytes)`,
};

const chineseDiff: DiffTexts = {
  none: (bytes) => `沒有差異（${bytes} 個位元組）`,
  first: (at, line, [expected, found]) =>
    `首個差異在第 ${at} 個位元組、第 ${line} 行（預期 ${expected} 個位元組，實際 ${found} 個）`,
  expected: '預期  ',
  found: '實際  ',
  end: '（在此結束）',
  bytes: (count) => `（${count} 個位元組）`,
};

const texts: Readonly<Record<RenderLanguage, RenderTexts>> = {
  en: {
    verdicts: {
      signature: {
        valid: 'The signature is good.',
        mistake: 'The signature was refused, and this is why:',
        unexplained: 'The signature does not verify. The evidence does not prove a cause:',
      },
      sealing: {
        valid: 'The encrypted body opens as expected.',
        mistake: 'The encrypted body is not as expected, and this is why:',
        unexplained: 'The encrypted body cannot be opened. The evidence does not prove a cause:',
      },
    },
    besides: 'And besides:',
    certain: 'Certain:',
    harmless: 'Also noticed, harmless:',
    expected: 'Content that should have been signed:',
    digestSigned: 'digest signed    ',
    digestExpected: 'digest expected  ',
    exhausted: 'The search was stopped at its limit: not every variant was tried.',
    diff: englishDiff,
  },
  'zh-hant': {
    verdicts: {
      signature: {
        valid: '簽名正確。',
        mistake: '簽名被拒絕，原因如下：',
        unexplained: '簽名未能通過驗證，而證據不足以證明原因：',
      },
      sealing: {
        valid: '加密的正文可按預期解密。',
        mistake: '加密的正文與預期不符，原因如下：',
        unexplained: '加密的正文無法解密，而證據不足以證明原因：',
      },
    },
    besides: '此外：',
    certain: '已證實：',
    harmless: '同時發現，但無礙：',
    expected: '應該簽名的內容：',
    digestSigned: '已簽的摘要  ',
    digestExpected: '預期的摘要  ',
    exhausted: '搜尋達到上限而停止：並非每種可能都試過。',
    diff: chineseDiff,
  },
};

/** A diagnosis for a terminal: plain text, no colours, no control characters. */
export const renderDiagnosis = (
  diagnosis: Diagnosis,
  { language, lang = 'en' }: RenderOptions = {},
): string => {
  const { cause, alsoCause, evidence, notes, exhausted } = diagnosis;
  const words = texts[lang];
  const found = (mistake: Mistake): readonly string[] => findingLines(mistake, lang);
  const mend = (mistake: Mistake): readonly string[] => remedyLines(mistake, language, lang);
  return [
    words.verdicts[diagnosis.subject][diagnosis.verdict],
    ...(cause === undefined ? [] : found(cause)),
    // Where the same code mends both, it is shown once, after the second.
    ...(cause === undefined || cause.remedy === alsoCause?.remedy ? [] : mend(cause)),
    ...(alsoCause === undefined
      ? []
      : ['', words.besides, ...found(alsoCause), ...mend(alsoCause)]),
    ...bulletSection(
      words.certain,
      evidence.map((line) => (lang === 'en' ? line : (translateServerText(line) ?? line))),
    ),
    ...(diagnosis.verdict === 'valid' ? [] : contentLines(diagnosis, words)),
    ...bulletSection(
      words.harmless,
      notes.map(({ id, sentence }) => `${lang === 'en' ? sentence : notesInChinese[id]} (${id})`),
    ),
    ...(exhausted ? [] : ['', words.exhausted]),
  ].join('\n');
};

/**
 * What the doctor found, as one sentence: as it was written where it is the cause of a newer
 * simulator, which this version cannot translate.
 */
export const mistakeSentence = (
  { id, sentence }: { readonly id: string; readonly sentence: string },
  lang: RenderLanguage,
): string => (lang !== 'en' && isMistakeId(id) ? mistakesInChinese[id] : sentence);

const findingLines = (mistake: Mistake, lang: RenderLanguage): readonly string[] => {
  const { id, detail } = mistake;
  const translate = (text: string): string =>
    lang === 'en' ? text : (translateServerText(text) ?? text);
  return [
    '',
    `  ${id}${detail === undefined ? '' : `: ${replaceControls(translate(detail))}`}`,
    `  ${mistakeSentence(mistake, lang)}`,
  ];
};

const remedyLines = (
  { remedy }: Mistake,
  language: Language | undefined,
  lang: RenderLanguage,
): readonly string[] => {
  const snippet = lang === 'en' ? (code: string): string => code : translateRemedy;
  return [
    '',
    ...(language === undefined ? languages : [language]).map(
      (name) => `  ${`${languageNames[name]}:`.padEnd(8)}${snippet(remedy[name])}`,
    ),
  ];
};

const bulletSection = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${replaceControls(line)}`)];

const shownBytes = 400;

const contentLines = (
  { expected, signed }: Diagnosis,
  { expected: title, digestSigned, digestExpected, diff }: RenderTexts,
): readonly string[] => {
  if (expected === undefined) return [];
  const digests =
    signed?.digestHex === undefined
      ? []
      : [
          `  ${digestSigned}${signed.digestHex} (${signed.hash ?? '?'})`,
          `  ${digestExpected}${expected.digestHex} (sha256)`,
        ];
  const difference =
    signed?.content === undefined
      ? []
      : ['', ...renderDiff(expected.content, signed.content, diff).split('\n')];
  return ['', title, `  ${showValue(expected.content, diff)}`, ...digests, ...difference];
};

const showValue = (content: Buffer, { bytes }: DiffTexts): string => {
  const text = visibleBytes(content, 0, shownBytes).join('');
  return content.length > shownBytes ? `${text}… ${bytes(content.length)}` : text;
};

/** Details quote the message, which may contain control characters. */
const replaceControls = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

const visibleMarks: Readonly<Record<number, string>> = { 10: '␊', 13: '␍', 9: '␉' };

const hexNotation = (byte: number): string =>
  `<${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** Whether a space is easily overlooked: at an end of the text or of a line. */
const isAtAnEnd = (bytes: Buffer, index: number): boolean => {
  const isEdge = (at: number): boolean =>
    at < 0 || at >= bytes.length || bytes[at] === 0x0a || bytes[at] === 0x0d;
  let before = index;
  let after = index;
  while (bytes[before] === 0x20) before--;
  while (bytes[after] === 0x20) after++;
  return isEdge(before) || isEdge(after);
};

const visibleByte = (bytes: Buffer, index: number): string => {
  const byte = bytes[index] ?? 0;
  if (byte === 0x20) return isAtAnEnd(bytes, index) ? '·' : ' ';
  return (
    visibleMarks[byte] ??
    (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hexNotation(byte))
  );
};

/**
 * Renders bytes as one line of text in which every byte is visible: line feeds as ␊, CR as ␍, tabs
 * as ␉, spaces at line ends as ·, and every byte outside printable ASCII as hex. No control
 * character reaches a terminal.
 * @returns one text per byte of the range
 */
export const visibleBytes = (bytes: Buffer, from = 0, to = bytes.length): readonly string[] =>
  Array.from({ length: Math.max(0, Math.min(to, bytes.length) - from) }, (_, at) =>
    visibleByte(bytes, from + at),
  );

const bytesBefore = 28;
const bytesAfter = 36;

/**
 * Where the first difference is; the shorter length when one is the other's beginning, -1 when they
 * are equal.
 */
export const findDifference = (expected: Buffer, found: Buffer): number => {
  const shorter = Math.min(expected.length, found.length);
  for (let at = 0; at < shorter; at++) if (expected[at] !== found[at]) return at;
  return expected.length === found.length ? -1 : shorter;
};

const diffLine = (bytes: Buffer, at: number): number =>
  bytes.subarray(0, at).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);

/** One side around the difference, as text. */
const excerpt = (
  bytes: Buffer,
  [from, at]: readonly [number, number],
  end: string,
): { readonly text: string; readonly caret: number } => {
  const lead = from > 0 ? '…' : '';
  const start = lead + visibleBytes(bytes, from, at).join('');
  const rest = bytes.length > at ? visibleBytes(bytes, at, at + bytesAfter).join('') : end;
  return { text: start + rest + (bytes.length > at + bytesAfter ? '…' : ''), caret: start.length };
};

/** A readable difference at byte level around the first position where the two differ. */
export const renderDiff = (
  expected: Buffer,
  found: Buffer,
  words: DiffTexts = englishDiff,
): string => {
  const at = findDifference(expected, found);
  if (at < 0) return words.none(expected.length);
  const from = Math.max(0, at - bytesBefore);
  const left = excerpt(expected, [from, at], words.end);
  const right = excerpt(found, [from, at], words.end);
  return [
    words.first(at + 1, diffLine(expected, at), [expected.length, found.length]),
    `  ${words.expected}${left.text}`,
    `  ${words.found}${right.text}`,
    // A Chinese character is as wide as two spaces.
    `  ${words.expected.replace(/[^\x20-\x7e]/g, '  ').replace(/\S/g, ' ')}${' '.repeat(left.caret)}^`,
  ].join('\n');
};

/** A diagnosis as plain JSON values: bytes become base64. */
export interface DiagnosisJson {
  readonly subject: Diagnosis['subject'];
  readonly verdict: Diagnosis['verdict'];
  readonly cause?: Mistake;
  readonly alsoCause?: Mistake;
  readonly notes: readonly Note[];
  readonly evidence: readonly string[];
  readonly expected?: { readonly contentBase64: string; readonly digestHex: string };
  readonly signed?: {
    readonly hash?: string;
    readonly digestHex?: string;
    readonly contentBase64?: string;
  };
  /** Readable difference between the expected and the signed content. */
  readonly difference?: string;
  readonly spent: Diagnosis['spent'];
  readonly exhausted: boolean;
}

export const diagnosisToJson = ({ expected, signed, ...rest }: Diagnosis): DiagnosisJson => ({
  ...rest,
  ...(expected && {
    expected: { contentBase64: expected.content.toString('base64'), digestHex: expected.digestHex },
  }),
  ...(signed && { signed: signedJson(signed) }),
  ...(expected && signed?.content && { difference: renderDiff(expected.content, signed.content) }),
});

const signedJson = ({
  content,
  ...rest
}: NonNullable<Diagnosis['signed']>): NonNullable<DiagnosisJson['signed']> =>
  content === undefined ? rest : { ...rest, contentBase64: content.toString('base64') };
