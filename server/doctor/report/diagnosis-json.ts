import type { Diagnosis } from '../diagnosis.ts';
import type { Finding, Note } from '../finding.ts';
import { renderDiff } from './render-diff.ts';

/** A diagnosis as plain JSON values: bytes become base64. */
export interface DiagnosisJson {
  readonly subject: Diagnosis['subject'];
  readonly verdict: Diagnosis['verdict'];
  readonly cause?: Finding;
  readonly alsoCause?: Finding;
  readonly notes: readonly Note[];
  readonly certain: readonly string[];
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
