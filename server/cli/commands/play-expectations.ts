import {
  type MerchantIdentity,
  type MerchantResponse,
  signRequest,
} from '../../../sdk/client/signed-call.ts';
import { composeSample, observeAnswer, type Transport } from '../../admin/loopback-client.ts';
import { relativePath } from '../../conformance/report/formats.ts';
import type {
  ReportCase,
  ReportFinding,
  TestReport,
} from '../../conformance/report/test-report.ts';
import type { Contract, Operation } from '../../domain/contract/contract.ts';
import type { Scenario } from '../../domain/scenarios/compile-scenario.ts';
import type { ScenarioExpectation } from '../../domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { version } from '../../package-root.ts';
import { readLocatedYaml } from '../../problems/located-yaml.ts';
import { isRecord, omitUndefined } from '../../problems/plain-object.ts';
import type { Problem } from '../../problems/problem.ts';

/** One step of a scenario's `expect`, played. */
export interface PlayedStep {
  readonly step: ScenarioExpectation;
  readonly answer: JsonObject;
  /** In which way no result came; undefined: one did. */
  readonly transport: Transport | undefined;
  readonly milliseconds: number;
  /** What differs from the expectation, in words; empty when it holds. */
  readonly differences: readonly string[];
}

const defaultPlayTimeoutMs = 30_000;

/**
 * Plays a scenario's `expect` against a running simulator. Every call is new (requestId) and newer
 * than the one before (event time), unless the step repeats its predecessor or says otherwise.
 */
export const playExpectations = async (
  steps: readonly ScenarioExpectation[],
  baseUrl: string,
  merchant: MerchantIdentity,
  contract: Contract,
): Promise<readonly PlayedStep[]> => {
  const played: PlayedStep[] = [];
  const began = Date.now();
  let previous: Buffer | undefined;
  for (const [index, step] of steps.entries()) {
    const operation = contract.operations.get(step.send);
    if (operation === undefined) throw new Error(`the contract has no operation ${step.send}`);
    const body: Buffer =
      step.repeat === true && previous !== undefined
        ? previous
        : composeBody(operation, step, began + index * 1000);
    previous = body;
    const options = { seal: step.seal === true };
    const sent = performance.now();
    const request = signRequest(merchant, operation.path, body, options);
    const observed = await observeAnswer(baseUrl, merchant, request, {
      ...options,
      giveUpAfterMs: step.giveUpMs ?? defaultPlayTimeoutMs,
    });
    const milliseconds = performance.now() - sent;
    const answer = 'answer' in observed ? observed.answer : undefined;
    const json = toJsonObject(answer?.json);
    const transport =
      'transport' in observed
        ? observed.transport
        : operation.resultFields[0] in json
          ? undefined
          : 'malformed';
    played.push({
      step,
      answer: json,
      transport,
      milliseconds,
      differences: compareStep(
        step,
        { answer, json, transport, milliseconds },
        operation.resultFields[0],
      ),
    });
  }
  return played;
};

const composeBody = (operation: Operation, step: ScenarioExpectation, time: number): Buffer => {
  // Proved to be JSON by the scenario's schema.
  const fields = (step.with ?? {}) as JsonObject;
  return Buffer.from(
    JSON.stringify(
      composeSample(operation, {
        example: step.example,
        fields,
        time,
      }),
    ),
  );
};

interface Got {
  readonly answer: MerchantResponse | undefined;
  readonly json: JsonObject;
  readonly transport: Transport | undefined;
  readonly milliseconds: number;
}

/** Name, what came, what was expected. */
type ComparedValue = readonly [string, unknown, unknown];

const compareStep = (
  { answer: expected, atLeastMs }: ScenarioExpectation,
  got: Got,
  resultField: string,
): string[] => {
  const pairs: ComparedValue[] = [
    ['transport', got.transport, expected.transport],
    ...answerValues(expected, got, resultField),
  ];
  const differences = pairs
    .filter(([, came, wanted]) => JSON.stringify(came) !== JSON.stringify(wanted))
    .map(
      ([name, came, wanted]) =>
        `${name}: expected ${describeValue(wanted)}, got ${describeValue(came)}`,
    );
  if (atLeastMs !== undefined && got.milliseconds < atLeastMs)
    differences.push(`took ${Math.round(got.milliseconds)} ms, expected at least ${atLeastMs}`);
  return differences;
};

/** Of an answer that did not come only what was said of it is compared. */
const answerValues = (
  expected: ScenarioExpectation['answer'],
  { answer, json, transport }: Got,
  resultField: string,
): ComparedValue[] => {
  const result = toJsonObject(json[resultField]);
  const signature =
    expected.signature ?? (expected.transport === undefined ? 'verified' : undefined);
  const pairs: ComparedValue[] = [
    ['signature', answer?.signature, signature],
    ['result', result['resultCode'], expected.result],
    ['status', result['resultStatus'], expected.status],
    ['message', result['resultMessage'], expected.message],
    ['sealed', answer && 'encrypt' in answer.headers, expected.sealed],
    ['httpStatus', answer?.httpStatus, expected.httpStatus],
    ...Object.entries(expected.fields ?? {}).map(
      ([name, value]): ComparedValue => [name, json[name], value],
    ),
  ];
  return transport !== undefined && expected.transport === undefined
    ? []
    : pairs.filter(([, , wanted]) => wanted !== undefined);
};

const describeValue = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const toJsonObject = (value: unknown): JsonObject => (isRecord(value) ? (value as JsonObject) : {});

/** A scenario whose `expect` was played. */
export interface PlayedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly PlayedStep[];
  readonly durationMs: number;
}

/** Reports `scenarios run`: each difference at the step of `expect` that it is about. */
export const reportRun = (played: readonly PlayedScenario[], startedAt: number): TestReport => ({
  name: 'scenarios run',
  version,
  startedAt,
  durationMs: played.reduce((sum, { durationMs }) => sum + durationMs, 0),
  cases: played.map(({ scenario, steps, durationMs }): ReportCase => {
    const findings = steps.flatMap(({ differences }, index) =>
      differences.map((message) =>
        toFinding('scenario-expectation', 'error', stepProblem(scenario.file, index, message)),
      ),
    );
    return {
      group: 'scenarios',
      name: scenario.name,
      status: findings.length === 0 ? 'passed' : 'failed',
      durationMs,
      findings,
    };
  }),
});

const stepProblem = (file: string, index: number, difference: string): Problem =>
  readLocatedYaml(file).problemAt(
    ['expect', index],
    `step ${index + 1} of expect: ${difference}`,
    'Change the rules or the expectation.',
  );

interface CheckedFiles {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Reports `scenarios check`: a case for each file, its errors and warnings at their lines. */
export const reportCheck = (checked: CheckedFiles): TestReport => {
  const { files, problems, warnings, startedAt, durationMs } = checked;
  const names = [...new Set([...files, ...problems.map(({ where }) => where)])];
  return {
    name: 'scenarios check',
    version,
    startedAt,
    durationMs,
    cases: names.map((file): ReportCase => {
      const isHere = ({ where }: Problem): boolean => where === file;
      const errors = problems.filter(isHere);
      return {
        group: 'scenario files',
        name: relativePath(process.cwd(), file),
        status: errors.length === 0 ? 'passed' : 'failed',
        durationMs: 0,
        findings: [
          ...errors.map((problem) => toFinding('scenario-file', 'error', problem)),
          ...warnings
            .filter(isHere)
            .map((problem) => toFinding('scenario-warning', 'warning', problem)),
        ],
      };
    }),
  };
};

const toFinding = (
  rule: string,
  level: ReportFinding['level'],
  { where, line, column, message, remedy }: Problem,
): ReportFinding => ({
  rule,
  level,
  message,
  remedy,
  location: { file: where, ...omitUndefined({ line, column }) },
});
