import type { Exchange } from '../api/journal.ts';
import { DoctorsFinding } from './doctors-finding.tsx';
import { GatewaysReason } from './gateways-reason.tsx';

/** Why it ended as it did: what the doctor found, or what the step itself said. */
export const Why = ({ exchange }: { readonly exchange: Exchange }) =>
  exchange.diagnosis === undefined || exchange.diagnosis.verdict === 'valid' ? (
    <GatewaysReason exchange={exchange} />
  ) : (
    <DoctorsFinding exchange={exchange} diagnosis={exchange.diagnosis} />
  );
