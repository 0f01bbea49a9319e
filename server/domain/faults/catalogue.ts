import type { Fault } from './fault.ts';
import { missingParts, tampering, wrongSealing, wrongSigning } from './security-faults.ts';
import { malformedResponses, noResponses, truncatedResponses } from './wire-faults.ts';

/** What can go wrong on the wire, by id. */
export const wireFaults = {
  ...noResponses,
  ...truncatedResponses,
  ...malformedResponses,
} as const satisfies Record<string, Fault>;
export type WireFaultId = keyof typeof wireFaults;

/** How an answer can fail to prove whose it is, by id. */
export const securityFaults = {
  ...missingParts,
  ...tampering,
  ...wrongSigning,
  ...wrongSealing,
} as const satisfies Record<string, Fault>;
export type SecurityFaultId = keyof typeof securityFaults;

const prefixes = { wire: 'net', signature: 'sig', sealing: 'enc' } as const;

/** The shipped scenario that shows the fault. */
export const scenarioFor = (id: string, { concerns }: Fault): string =>
  `${prefixes[concerns ?? 'wire']}-${id}`;
