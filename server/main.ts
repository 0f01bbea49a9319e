#!/usr/bin/env node
import { exitCodes } from './cli/exit-codes.ts';
import { runProgram } from './cli/program.ts';
import { formatProblem, StartupError } from './problems/problem.ts';

try {
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  const { problems } = error;
  process.stderr.write(
    `alipayhk-mock: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}\n\n${problems.map(formatProblem).join('\n\n')}\n`,
  );
  process.exitCode = exitCodes.unusable;
}
