import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MistakeId, mistakes, notes } from '../server/doctor/catalogue/mistakes.ts';
import { remedies } from '../server/doctor/catalogue/remedies.ts';
import { type Language, languageNames, languages } from '../server/doctor/catalogue/remedy.ts';
import { diagnoseSignature } from '../server/doctor/diagnose-signature.ts';
import { type CandidateKey, defaultLimits } from '../server/doctor/diagnosis.ts';
import { renderDiagnosis } from '../server/doctor/render-diagnosis.ts';
import { packageRoot } from '../server/package-root.ts';
import { keyFingerprint } from '../server/protocol/keys/key-objects.ts';
import { table } from './markdown.ts';

/** Renders docs/signature-mistakes.md: every finding with its remedy in six languages. */
export const renderMistakesPage = (): string => {
  const entries = Object.entries(mistakes) as [MistakeId, (typeof mistakes)[MistakeId]][];
  const families = [...new Set(entries.map(([, { family }]) => family))];
  return [
    '# Mistakes in signing and encryption',
    '',
    'Every finding of the doctor, and what to write instead. This page is generated from its tables.',
    'You find the name of a finding in the log, in the header `x-mock-finding`, and in the output of',
    '`alipayhk-mock doctor FILE`. The doctor names a cause only when it is proved: by the digest in',
    'the signature, by a verification, or by a shape that has one explanation only.',
    '',
    'The snippets share these names:',
    '',
    table(
      ['name', 'meaning'],
      [
        ['`content`', 'the text to sign'],
        ['`signature`', 'the raw bytes of the signature'],
        ['`value`', 'what follows `signature=` in the header'],
        ['`body`', 'the bytes on the wire'],
        ['`key`', 'the private key'],
      ],
    ),
    '',
    ...families.flatMap((family) => [
      `## ${family}`,
      '',
      ...entries
        .filter(([, finding]) => finding.family === family)
        .flatMap(([id, finding]) => renderFinding(id, finding.sentence, finding.remedy)),
    ]),
    '## Accepted, but probably a mistake',
    '',
    ...Object.entries(notes).map(([id, sentence]) => `- \`${id}\` ${sentence}`),
    '',
  ].join('\n');
};

const renderFinding = (
  id: MistakeId,
  sentence: string,
  remedy: keyof typeof remedies,
): string[] => [
  `### ${id}`,
  '',
  sentence,
  '',
  table(
    ['language', 'write'],
    languages.map((language) => [languageNames[language], inlineCode(remedies[remedy][language])]),
  ),
  '',
];

const inlineCode = (snippet: string): string => {
  const fence = snippet.includes('`') ? '``' : '`';
  return `${fence}${fence.length > 1 ? ' ' : ''}${snippet}${fence.length > 1 ? ' ' : ''}${fence}`;
};

/** The doctor's output for a sample of the test vectors, such as `D38/python`. */
export const renderSampleDiagnosis = (sample: string): string => {
  const [id = '', language = 'java'] = sample.split('/');
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
  return `\`\`\`text\n${renderDiagnosis(diagnosis, { language: language as Language })}\n\`\`\``;
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
