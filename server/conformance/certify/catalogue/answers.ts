import type { SecurityChoice, WireChoice } from '../../../domain/faults/choice.ts';

/** A fault on the wire after the change was made, as a rule that has been read states it. */
export const wire = (
  id: WireChoice['id'],
  parameters: WireChoice['parameters'] = {},
): WireChoice => ({ id, phase: 'after-commit', parameters });

/** A fault of the signature or the encryption. */
export const securityFault = (id: SecurityChoice['id']): SecurityChoice => ({ id, parameters: {} });
