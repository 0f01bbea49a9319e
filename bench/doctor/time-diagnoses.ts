import { type DoctorLimits, defaultLimits } from '../../server/doctor/diagnosis.ts';
import { diagnoseSignature } from '../../server/doctor/signature/diagnose-signature.ts';
import type { DoctorResult } from '../results.ts';
import { median, percentile } from '../statistics.ts';
import { buildCase, doctorCases } from './doctor-cases.ts';

// Times one of the doctor's cases, one diagnosis after the other, in this process. Arguments: the
// case's number, seconds at most. Prints a DoctorResult.

/** So wide that every search comes to its own end: what is measured is the table, not the bound. */
const unbounded: DoctorLimits = { ...defaultLimits, maxHypotheses: 1_000_000, maxMs: 60_000 };

const mostRuns = 1000;
const fewestRuns = 3;
/** Of the time there is: while the engine still compiles, nothing is measured. */
const warmShare = 1 / 3;

const [number, seconds] = process.argv.slice(2).map(Number);
const one = doctorCases[number ?? 0];
if (one === undefined || seconds === undefined) throw new Error('which case, and for how long?');

const c = buildCase(one);
const diagnose = () =>
  diagnoseSignature(c, one.isBounded === true ? defaultLimits : unbounded, () => performance.now());
const began = performance.now();
const until = began + seconds * 1000;
const { verdict, spent, cause } = diagnose();
while (performance.now() < began + seconds * 1000 * warmShare) diagnose();
const runs: number[] = [];
while (runs.length < fewestRuns || (runs.length < mostRuns && performance.now() < until)) {
  const start = performance.now();
  diagnose();
  runs.push(performance.now() - start);
}
const result: DoctorResult = {
  title: one.title,
  runs: runs.length,
  medianMs: median(runs),
  p99Ms: percentile(runs, 0.99),
  hypotheses: spent.hypotheses,
  verdict: cause?.id ?? verdict,
};
process.stdout.write(JSON.stringify(result));
