import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Contract, OperationId } from '../domain/contract/contract.ts';
import { describeError } from '../domain/contract/describe-faults.ts';

/** Checks an answer's JSON against the contract. @returns what is wrong, if anything */
export type AnswerCheck = (operationId: OperationId, answer: unknown) => readonly string[];

/**
 * Compiled from the same document as the requests' validator; the answers are plain JSON Schema
 * 2020-12.
 */
export const createAnswerCheck = (contract: Contract): AnswerCheck => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'contract', ...contract.document });
  return (operationId, answer) => {
    const path = contract.operations.get(operationId)?.path ?? '';
    const pointer = [
      'paths',
      path,
      'post',
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    ]
      .map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1'))
      .join('/');
    const validate = ajv.getSchema(`contract#/${pointer}`);
    if (validate === undefined) return [`${operationId} has no schema for its answers`];
    return validate(answer)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message = '', keyword, params }) => {
          const missing = keyword === 'required' ? `/${String(params['missingProperty'])}` : '';
          const error = { path: instancePath, message, errorCode: keyword };
          const where = `${operationId} answer${instancePath}${missing}`;
          return `${where}: ${describeError(error, undefined)}`;
        });
  };
};
