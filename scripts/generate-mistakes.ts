import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  mistakesInChinese,
  notesInChinese,
  translateRemedy,
} from '../server/doctor/catalogue/chinese-texts.ts';
import { type MistakeId, mistakes, notes } from '../server/doctor/catalogue/mistakes.ts';
import {
  type Language,
  languageNames,
  languages,
  remedies,
} from '../server/doctor/catalogue/remedies.ts';
import { type CandidateKey, defaultLimits } from '../server/doctor/diagnosis.ts';
import { type RenderLanguage, renderDiagnosis } from '../server/doctor/render-diagnosis.ts';
import { diagnoseSignature } from '../server/doctor/signature/diagnose-signature.ts';
import { packageRoot } from '../server/package-root.ts';
import { keyFingerprint } from '../server/protocol/keys/key-objects.ts';
import { table } from './markdown.ts';

interface PageTexts {
  readonly head: readonly string[];
  readonly names: readonly (readonly [name: string, meaning: string])[];
  readonly columns: readonly [readonly string[], readonly string[]];
  readonly notes: string;
  readonly mistakes: Readonly<Record<MistakeId, string>>;
  readonly noteTexts: Readonly<Record<string, string>>;
  readonly snippet: (code: string) => string;
}

const sentences = Object.fromEntries(
  Object.entries(mistakes).map(([id, { sentence }]) => [id, sentence]),
) as Record<MistakeId, string>;

const pageTexts: Readonly<Record<RenderLanguage, PageTexts>> = {
  en: {
    head: [
      '# Mistakes in signing and encryption',
      '',
      'Every finding of the doctor, and what to write instead. This page is generated from its tables.',
      'You find the name of a finding in the log, in the header `x-mock-finding`, and in the output of',
      '`alipayhk-mock doctor FILE`. The doctor names a cause only when it is proved: by the digest in',
      'the signature, by a verification, or by a shape that has one explanation only.',
      '',
      'The snippets share these names:',
    ],
    names: [
      ['`content`', 'the text to sign'],
      ['`signature`', 'the raw bytes of the signature'],
      ['`value`', 'what follows `signature=` in the header'],
      ['`body`', 'the bytes on the wire'],
      ['`key`', 'the private key'],
    ],
    columns: [
      ['name', 'meaning'],
      ['language', 'write'],
    ],
    notes: '## Accepted, but probably a mistake',
    mistakes: sentences,
    noteTexts: notes,
    snippet: (code) => code,
  },
  'zh-hant': {
    head: [
      '# 簽名與加密的錯誤',
      '',
      '診斷器的所有疑點，以及應該怎樣寫。本頁由診斷器的資料表產生。疑點的名稱可在日誌、標頭 `x-mock-finding`，以及 ' +
        '`alipayhk-mock doctor FILE --lang zh-hant` 的輸出中找到。診斷器只在證實之後才指出原因：憑簽名中的摘要、憑一次驗證，或憑只有一種解釋的形式。',
      '',
      '各段程式碼使用以下名稱：',
    ],
    names: [
      ['`content`', '待簽名的文字'],
      ['`signature`', '簽名的原始位元組'],
      ['`value`', '標頭中 `signature=` 之後的內容'],
      ['`body`', '線路上的位元組'],
      ['`key`', '私鑰'],
    ],
    columns: [
      ['名稱', '意思'],
      ['語言', '寫法'],
    ],
    notes: '## 可以接受，但很可能是錯誤',
    mistakes: mistakesInChinese,
    noteTexts: notesInChinese,
    snippet: translateRemedy,
  },
};

/**
 * Renders docs/signature-mistakes.md, and the same in Chinese: every finding with its remedy in six
 * languages.
 */
export const renderMistakesPage = (lang: RenderLanguage = 'en'): string => {
  const entries = Object.entries(mistakes) as [MistakeId, (typeof mistakes)[MistakeId]][];
  const families = [...new Set(entries.map(([, { family }]) => family))];
  const texts = pageTexts[lang];
  return [
    ...texts.head,
    '',
    table(texts.columns[0], texts.names),
    '',
    ...families.flatMap((family) => [
      `## ${family}`,
      '',
      ...entries
        .filter(([, finding]) => finding.family === family)
        .flatMap(([id, { remedy }]) => renderFinding(id, remedy, texts)),
    ]),
    texts.notes,
    '',
    ...Object.entries(texts.noteTexts).map(([id, sentence]) => `- \`${id}\` ${sentence}`),
    '',
  ].join('\n');
};

const renderFinding = (
  id: MistakeId,
  remedy: keyof typeof remedies,
  texts: PageTexts,
): string[] => [
  `### ${id}`,
  '',
  texts.mistakes[id],
  '',
  table(
    texts.columns[1],
    languages.map((language) => [
      languageNames[language],
      inlineCode(texts.snippet(remedies[remedy][language])),
    ]),
  ),
  '',
];

const inlineCode = (snippet: string): string => {
  const fence = snippet.includes('`') ? '``' : '`';
  return `${fence}${fence.length > 1 ? ' ' : ''}${snippet}${fence.length > 1 ? ' ' : ''}${fence}`;
};

/** The doctor's output for a sample of the test vectors, such as `D38/python/zh-hant`. */
export const renderSampleDiagnosis = (sample: string): string => {
  const [id = '', language = 'java', lang] = sample.split('/');
  const vectors: readonly DiagnosisVector[] = JSON.parse(
    readFileSync(join(packageRoot, 'test', 'vectors', 'diagnosis.json'), 'utf8'),
  );
  const vector = vectors.find((one) => one.id === id);
  if (vector === undefined) throw new Error(`unknown sample ${id}`);
  const diagnosis = diagnoseSignature(
    {
      signer: 'client',
      method: vector.method,
      target: vector.requestTarget,
      hosts: ['127.0.0.1:8852'],
      clientId: vector.headers['Client-Id'] ?? '',
      time: vector.headers['Request-Time'] ?? '',
      signatureHeader: vector.headers['Signature'] ?? '',
      body: Buffer.from(vector.bodyBase64, 'base64'),
      keys: [
        sampleKey('merchant-v1', 'client', 1),
        sampleKey('merchant-v2', 'client', 2),
        sampleKey('platform-v1', 'platform', 1),
      ],
      ecc224: 'sha256',
    },
    defaultLimits,
    () => 0,
  );
  const shown = renderDiagnosis(diagnosis, {
    language: language as Language,
    lang: lang === 'zh-hant' ? lang : 'en',
  });
  return `\`\`\`text\n${shown}\n\`\`\``;
};

interface DiagnosisVector {
  readonly id: string;
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}

const sampleKey = (name: string, owner: CandidateKey['owner'], version: number): CandidateKey => {
  const key = createPublicKey(
    readFileSync(join(packageRoot, 'test', 'vectors', 'keys', `${name}.public.spki.pem`)),
  );
  return { owner, version, key, family: 'RSA', fingerprint: keyFingerprint(key) };
};
