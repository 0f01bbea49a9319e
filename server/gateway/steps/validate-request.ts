import type { Finding, Operation } from '../../domain/contract/contract.ts';
import { withoutNulls } from '../../domain/contract/field-tree.ts';
import {
  emptyStringId,
  inspectRequest,
  selectTrees,
  unknownFieldId,
} from '../../domain/contract/inspect-request.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { clipText } from '../../problems/display-text.ts';
import type { JsonLosses } from '../../problems/json-text.ts';
import { type Exchange, refuseWithMessage } from '../exchange.ts';
import type { RequestValidator } from '../request-validator.ts';
import type { ParsedBody } from './parse-body.ts';

export interface ValidateDeps {
  readonly validate: RequestValidator;
  readonly strict: Settings['strict'];
}

/**
 * Step 8: the fields keep the contract; what it lets pass but is odd becomes a finding. A null that
 * says nothing is gone afterwards.
 */
export const validateRequest = (
  operation: Operation,
  { request: sent, losses }: Pick<ParsedBody, 'request' | 'losses'>,
  exchange: Exchange,
  { validate, strict }: ValidateDeps,
): Promise<JsonObject> => {
  const request = withoutNulls(selectTrees(operation, sent), sent);
  if (losses.duplicates.length > 0 || losses.numbers.size > 0)
    exchange.addFindings(lossFindings(losses));
  return validate(operation, request, losses.numbers).then((faults) => {
    if (faults.length > 0) throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', faults.join('; '));
    addFindings(operation, request, exchange, strict);
    return request;
  });
};

const addFindings = (
  operation: Operation,
  request: JsonObject,
  exchange: Exchange,
  strict: ValidateDeps['strict'],
): void => {
  const findings = inspectRequest(operation, request, exchange.now());
  if (findings.length === 0) return;
  for (const name of strict) {
    const refused = findings.filter(({ id }) => id === refusedFindings[name]);
    const [first] = refused;
    if (first !== undefined)
      throw refuseWithMessage(
        'PARAM_ILLEGAL',
        first.register,
        refused.map(({ sentence }) => sentence).join('; '),
      );
  }
  exchange.addFindings(findings);
};

/** Findings that a named strictness turns into refusals. */
const refusedFindings: { readonly [K in Settings['strict'][number]]?: string } = {
  unknownFields: unknownFieldId,
  emptyStrings: emptyStringId,
};

const maxLossFindings = 10;

/** The journal shows the body as it was sent; state and answers hold what was read of it. */
const lossFindings = ({ duplicates, numbers }: JsonLosses): Finding[] => [
  ...duplicates.slice(0, maxLossFindings).map(
    (name): Finding => ({
      id: 'DUPLICATE_NAME',
      sentence: `${clipText(name, 64)}: given twice in the same object; the last one counts`,
      register: 'G-31',
    }),
  ),
  ...[...numbers].slice(0, maxLossFindings).map(
    ([name, written]): Finding => ({
      id: 'NUMBER_LOSES_DIGITS',
      sentence:
        `${clipText(name, 64)}: the number ${written.slice(0, 40)} is read as ` +
        `${Number(written)}; send it as text`,
      register: 'G-32',
    }),
  ),
];
