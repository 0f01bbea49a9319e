import type { Contract, Operation } from '../contract/contract.ts';
import { endpoints } from '../endpoints/index.ts';
import type { Expectation } from '../scenario/scenario-file.ts';
import type { Json, JsonObject } from '../world/state.ts';
import { composeSample } from './compose-sample.ts';
import { type MerchantIdentity, sendRequest, signRequest } from './merchant-client.ts';

/** One step of a scenario's `expect`, played. */
export interface PlayedStep {
  readonly step: Expectation;
  readonly answer: JsonObject;
  readonly milliseconds: number;
  /** What differs from the expectation, in words; empty when it holds. */
  readonly differences: readonly string[];
}

/**
 * Plays a scenario's `expect` against a running simulator. Every call is new (requestId) and newer than the one before
 * (event time), unless the step repeats its predecessor or says otherwise.
 */
export const playExpectations = async (
  steps: readonly Expectation[],
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
    const body: Buffer = step.repeat === true && previous !== undefined ? previous : composeBody(operation, step, began + index * 1000);
    previous = body;
    const sent = performance.now();
    const answer = await sendRequest(baseUrl, merchant, signRequest(merchant, operation.path, body));
    const milliseconds = performance.now() - sent;
    const json = asObject(answer.json);
    const wanted = step.answer.signature ?? 'verified';
    const signed = answer.signature === wanted ? [] : [`signature: expected ${wanted}, got ${answer.signature}`];
    played.push({
      step,
      answer: json,
      milliseconds,
      differences: [...signed, ...compare(step, json, operation.resultField, milliseconds)],
    });
  }
  return played;
};

const composeBody = (operation: Operation, step: Expectation, time: number): Buffer => {
  const eventTime = endpoints.find(({ operationId }) => operationId === operation.id)?.eventTime ?? null;
  // Proved to be JSON by the scenario's schema.
  const fields = (step.with ?? {}) as JsonObject;
  return Buffer.from(
    JSON.stringify(composeSample(operation, eventTime, { ...(step.example === undefined ? {} : { example: step.example }), fields, time })),
  );
};

const compare = ({ answer: expected, atLeastMs }: Expectation, answer: JsonObject, resultField: string, milliseconds: number): string[] => {
  const result = asObject(answer[resultField]);
  const pairs: [string, Json | undefined, unknown][] = [
    ['result', result['resultCode'], expected.result],
    ['status', result['resultStatus'], expected.status],
    ...(expected.message === undefined
      ? []
      : [['message', result['resultMessage'], expected.message] as [string, Json | undefined, unknown]]),
    ...Object.entries(expected.fields ?? {}).map(([name, value]): [string, Json | undefined, unknown] => [name, answer[name], value]),
  ];
  const differences = pairs
    .filter(([, got, wanted]) => JSON.stringify(got) !== JSON.stringify(wanted))
    .map(([name, got, wanted]) => `${name}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got) ?? 'nothing'}`);
  if (atLeastMs !== undefined && milliseconds < atLeastMs)
    differences.push(`took ${Math.round(milliseconds)} ms, expected at least ${atLeastMs}`);
  return differences;
};

const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
