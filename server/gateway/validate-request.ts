import { inspectRequest, unknownFieldId } from '../contract/inspect-request.ts';
import type { RequestValidator } from '../contract/request-validator.ts';
import type { Exchange, Facts } from './exchange.ts';
import { refuseOpenly } from './refusal.ts';

/** Step 8: the fields keep the contract; what it lets pass but is odd becomes a finding. */
export const validateRequest = async (
  { operation, request }: Pick<Facts, 'operation' | 'request'>,
  exchange: Exchange,
  validate: RequestValidator,
  unknownFieldsRefused: boolean,
): Promise<Record<never, never>> => {
  const faults = await validate(operation, request);
  if (faults.length > 0) throw refuseOpenly('PARAM_ILLEGAL', 'G-02', faults.join('; '));
  const findings = inspectRequest(operation, request);
  const unknown = findings.filter(({ id }) => id === unknownFieldId);
  if (unknownFieldsRefused && unknown.length > 0)
    throw refuseOpenly('PARAM_ILLEGAL', 'G-17', unknown.map(({ sentence }) => sentence).join('; '));
  exchange.note(...findings);
  return {};
};
