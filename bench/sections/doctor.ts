import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { doctorCases } from '../doctor/doctor-cases.ts';
import { repository, typeScript } from '../process/type-script.ts';
import type { DoctorResult } from '../results.ts';
import type { BenchContext } from './bench-context.ts';

/** What a diagnosis costs, each case in a process of its own, unpinned. */
export const measureDoctor = async (context: BenchContext): Promise<readonly DoctorResult[]> => {
  const results: DoctorResult[] = [];
  for (const [number, { title }] of doctorCases.entries()) {
    context.say(`doctor: ${title}`);
    results.push(await timeCase(number, context));
  }
  return results;
};

const timeCase = async (number: number, { pace }: BenchContext): Promise<DoctorResult> => {
  const script = [
    ...typeScript('doctor/time-diagnoses.ts'),
    String(number),
    String(pace.doctorSeconds),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: repository });
  // What time-diagnoses.ts prints.
  return JSON.parse(stdout) as DoctorResult;
};
