import { readFileSync } from 'node:fs';
import type { Operation } from '../contract/contract.ts';
import { endpoints } from '../endpoints/index.ts';
import { composeSample } from '../merchant/compose-sample.ts';
import { StartupError } from '../problems/problem.ts';
import type { Json } from '../world/state.ts';
import type { BodyOptions } from './body-options.ts';

/** The bytes of the body: those of a file as they are, or a fresh sample of the contract. */
export const requestBody = (operation: Operation, { example, set, body }: BodyOptions): Buffer => {
  if (body !== undefined) return readFileSync(body === '-' ? 0 : body);
  const eventTime = endpoints.find(({ operationId }) => operationId === operation.id)?.eventTime ?? null;
  const sample = composeSample(operation, eventTime, {
    ...(example === undefined ? {} : { example }),
    fields: readFields(set),
    time: Date.now(),
  });
  return Buffer.from(JSON.stringify(sample));
};

const readFields = (assignments: readonly string[]): Record<string, Json> =>
  Object.fromEntries(
    assignments.map((assignment) => {
      const cut = assignment.indexOf('=');
      if (cut < 1)
        throw new StartupError([
          {
            where: '--set',
            message: `"${assignment}" is not field=value`,
            remedy: 'Write e.g. --set orderStatus=USED or --set amount=100.',
          },
        ]);
      return [assignment.slice(0, cut), readValue(assignment.slice(cut + 1))];
    }),
  );

const readValue = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
