import * as z from 'zod';
import type { RegisterId } from '../../domain/contract/basis.ts';
import type { FidelityEntry } from '../../domain/contract/fidelity.ts';
import { checkYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Gathered } from '../../problems/problem.ts';
import { type Decides, isSuccessAnswer, type ProbeAnswer } from './probe.ts';

export const resultKinds = [
  'decided',
  'agrees',
  'differs-no-setting',
  'other',
  'not-distinguishable',
  'not-reached',
  'not-probed',
  'unstable',
] as const;
export type ResultKind = (typeof resultKinds)[number];

/** What was found out about one question. */
export interface RowResult {
  readonly row: RegisterId;
  /** `httpStatus`, `strict.unknownFields`, `clients.encryption.syncOrder`; absent: no setting. */
  readonly setting?: string | undefined;
  /** Which part of a row without a setting, where there are several. */
  readonly about?: string | undefined;
  /**
   * `decided`: a setting that differs from the default. `agrees`: as the default. `differs-no-setting`:
   * something that the simulator cannot imitate. `other`: none of the alternatives.
   */
  readonly result: ResultKind;
  /** What was observed, in the words of the setting where there is one. */
  readonly value?: string | undefined;
  readonly because?: string | undefined;
  /** Ids of the probe's runs in the transcript. */
  readonly evidence: readonly string[];
  /** When, ISO 8601. */
  readonly at: string;
}

export const settingName = (decides: Decides | undefined): string | undefined => {
  if (decides === undefined) return undefined;
  if ('member' in decides) return `${decides.key}.${decides.member}`;
  return 'operation' in decides ? `clients.encryption.${decides.operation}` : decides.key;
};

/** Final results: a resumed run does not ask again. */
export const isFinalResult = ({ result }: RowResult): boolean =>
  result !== 'not-probed' && result !== 'unstable' && result !== 'not-reached';

/** An answer in a few words that hold nothing of the request. */
export const summarizeAnswer = (answer: ProbeAnswer | { readonly lost: string }): string =>
  'lost' in answer
    ? `no answer (${answer.lost})`
    : [
        `HTTP ${answer.httpStatus}`,
        answer.code === '' ? 'without a readable result' : `${answer.code} ${answer.letter}`,
        `signature ${answer.signature}`,
        ...(answer.encrypted ? ['encrypted'] : []),
      ].join(', ');

/** A success without a good signature, or any answer with a bad one, is not the platform's. */
export const isUntrusted = ({ letter, signature }: ProbeAnswer): boolean =>
  signature === 'bad' || (letter === 'S' && signature === 'none');

export const isTrustedSuccess = (
  answer: ProbeAnswer | { readonly lost: string } | undefined,
): boolean =>
  answer !== undefined && !('lost' in answer) && isSuccessAnswer(answer) && !isUntrusted(answer);

export const calibrationFormat = 'alipayhk-mock/calibration/v1';

const schema = z.object({
  format: z.literal(calibrationFormat),
  made: z.object({ by: z.string(), at: z.iso.datetime() }),
  target: z.object({ host: z.string().min(1) }),
  results: z.array(
    z.object({
      row: z.custom<RowResult['row']>(
        (value) => typeof value === 'string' && /^(?:[PGIOE]|OB)-\d{2}$/.test(value),
      ),
      setting: z.string().optional(),
      about: z.string().optional(),
      result: z.enum(resultKinds),
      value: z.string().optional(),
      because: z.string().optional(),
      evidence: z.array(z.string()),
      at: z.iso.datetime(),
    }),
  ),
});

/** What `calibration.json` says. */
export type CalibrationFile = z.infer<typeof schema>;

/** Reads a `calibration.json`. */
export const readCalibration = (file: string): Gathered<CalibrationFile | undefined> => {
  const source = readLocatedYaml(file);
  if (source.problems.length > 0) return { value: undefined, problems: source.problems };
  const checked = checkYaml(source, schema, 'Name the calibration.json that `calibrate` wrote.');
  return 'problems' in checked
    ? { value: undefined, problems: checked.problems }
    : { value: checked.data, problems: [] };
};

/** What was observed of a row, at which host and when. */
interface Observation {
  readonly host: string;
  /** ISO 8601. */
  readonly at: string;
  readonly setting?: string | undefined;
  /** Which part of a row without a setting. */
  readonly about?: string | undefined;
  readonly result: RowResult['result'];
  readonly value?: string | undefined;
  /** How many runs of a probe the result rests on. */
  readonly probes: number;
}

export type ObservedEntry = FidelityEntry & { readonly observed?: readonly Observation[] };

/** The register, with what a calibration observed of each row. */
export const withObservations = (
  entries: readonly FidelityEntry[],
  calibration: CalibrationFile | undefined,
): readonly ObservedEntry[] =>
  entries.map((entry) => {
    const observed = (calibration?.results ?? [])
      .filter(({ row, result }) => row === entry.id && observedKinds.includes(result))
      .map(({ setting, about, result, value, evidence, at }) => ({
        host: calibration?.target.host ?? '',
        at,
        setting,
        about,
        result,
        value,
        probes: evidence.length,
      }));
    return observed.length === 0 ? entry : { ...entry, observed };
  });

/** The rows that count as observed. */
export const observedRows = (calibration: CalibrationFile | undefined): ReadonlySet<string> =>
  new Set(
    (calibration?.results ?? [])
      .filter(({ result }) => observedKinds.includes(result))
      .map(({ row }) => row),
  );

const observedKinds: readonly RowResult['result'][] = ['decided', 'agrees', 'differs-no-setting'];
