import * as z from 'zod';
import type { FidelityEntry } from '../../domain/contract/fidelity.ts';
import { checkYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Gathered } from '../../problems/problem.ts';
import { type RowResult, resultKinds } from './results.ts';

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
export interface Observation {
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
