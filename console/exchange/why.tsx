import { useEffect, useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import type { Diagnosis, Exchange } from '../api/journal.ts';
import { Loading } from '../pieces/notice.tsx';
import { DoctorsFinding } from './doctors-finding.tsx';
import { GatewaysReason } from './gateways-reason.tsx';

/** Steps whose refusals the doctor can explain. */
const examined: readonly string[] = ['verify-signature', 'decrypt-body'];

/** Why it ended as it did: what the doctor found, or what the step itself said. */
export const Why = ({ exchange }: { readonly exchange: Exchange }) => {
  const { diagnosis, status, step, code } = exchange;
  if (diagnosis !== undefined && diagnosis.verdict !== 'valid')
    return <DoctorsFinding exchange={exchange} diagnosis={diagnosis} />;
  const isOpen =
    diagnosis === undefined &&
    status === 'F' &&
    examined.includes(step) &&
    code !== 'KEY_NOT_FOUND';
  return isOpen ? <LateExamination exchange={exchange} /> : <GatewaysReason exchange={exchange} />;
};

/**
 * Reading an exchange diagnoses what the gateway handed to the doctor. Where it handed nothing over,
 * this asks the doctor.
 */
const LateExamination = ({ exchange }: { readonly exchange: Exchange }) => {
  const [asked, setAsked] = useState<{ readonly diagnosis?: Diagnosis } | undefined>();
  useEffect(() => {
    let isHere = true;
    void askJson<{ readonly diagnoses: readonly Diagnosis[] }>('/doctor', {
      method: 'POST',
      body: exchange,
    })
      .then(({ diagnoses }) => diagnoses.find(({ verdict }) => verdict !== 'valid'))
      .catch(() => undefined)
      .then((diagnosis) => isHere && setAsked(diagnosis === undefined ? {} : { diagnosis }));
    return () => {
      isHere = false;
    };
  }, [exchange]);
  if (asked === undefined) return <Loading />;
  return asked.diagnosis === undefined ? (
    <GatewaysReason exchange={exchange} />
  ) : (
    <DoctorsFinding exchange={exchange} diagnosis={asked.diagnosis} />
  );
};
