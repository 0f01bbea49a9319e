import type { SecurityChoice, WireChoice } from '../../../domain/faults/choice.ts';

/** A fault on the wire after the change was made, as a rule that has been read states it. */
export const wire = (
  id: WireChoice['id'],
  parameters: WireChoice['parameters'] = {},
): WireChoice => ({ id, phase: 'after-commit', parameters });

/** A fault of the signature or the encryption. */
export const securityFault = (id: SecurityChoice['id']): SecurityChoice => ({ id, parameters: {} });

/** Without a claim there is nothing to see of what the client believes. */
export const withClaims = ['command', 'stream', 'hook'] as const;

/** What most cases ask for: send the message, then settle what is open. */
export const sendThenResume = [{ action: 'send' }, { action: 'resume' }] as const;
