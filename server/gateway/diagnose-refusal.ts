import type { IncomingMessage } from 'node:http';
import {
  collectCandidateKeys,
  type Diagnosis,
  type DoctorLimits,
  type SealingCase,
  type SignatureCase,
  thoroughLimits,
  unwrappingKeys,
} from '../doctor/diagnosis.ts';
import { diagnoseSealing } from '../doctor/sealing/diagnose-sealing.ts';
import { readOtherForm } from '../doctor/sealing/open-body.ts';
import { diagnoseSignature } from '../doctor/signature/diagnose-signature.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { Diagnose, DiagnosisJob, DiagnosisQueue } from '../journal/diagnosis-queue.ts';
import type { ClientKeyrings, Keyring } from '../protocol/keys/keyring.ts';
import type { SealingScheme } from '../protocol/sealing.ts';
import { type Client, Refusal, type StepError } from './exchange.ts';
import { misnamedAs } from './steps/receive.ts';

/**
 * Diagnoses a refused signature or encryption, at once or later. undefined: there is nothing to
 * diagnose.
 * @param isAlone whether no other request waits for the processor
 */
export type DiagnoseRefusal = (
  req: IncomingMessage,
  failure: StepError,
  isAlone: boolean,
) => DiagnosisJob | undefined;

export interface DiagnoserDeps {
  readonly diagnoses: DiagnosisQueue;
  readonly parties: ClientKeyrings;
  readonly scheme: SealingScheme;
  readonly ecc224: Settings['ecc224'];
  /** Milliseconds of processor time: a busy machine must not end a search early. */
  readonly cpuNow: () => number;
  /** Called with a bug in the doctor. */
  readonly onError: (error: unknown) => void;
}

/** One diagnosis must not hold up other requests for long. */
const quickLimits: DoctorLimits = {
  maxBodyBytes: 256 * 1024,
  maxHypotheses: 12_000,
  maxVerifications: 120,
  maxMs: 100,
};

export const createRefusalDiagnoser = (parts: DiagnoserDeps): DiagnoseRefusal => {
  const { diagnoses, parties, onError } = parts;
  return (req, { step, known, cause }, isAlone) => {
    const examine = cause instanceof Refusal ? chooseExamination(req, step, cause) : undefined;
    if (examine === undefined) return undefined;
    // What it may need later, and no more: the keys as they are now, and of the request what the
    // journal holds anyway.
    const { method, headers, rawHeaders } = req;
    const { target, body, client } = known;
    const request: ExaminedRequest = {
      method,
      headers,
      rawHeaders,
      target,
      body,
      client,
      clientId: known.headers?.clientId,
    };
    const keys = {
      platform: parties.platformFor(client?.id),
      clients: parties.clients,
      platformFor: parties.platformFor,
    };
    const diagnose: Diagnose = (isThorough) => {
      try {
        return examinations[examine](
          request,
          { ...parts, parties: keys },
          isThorough ? thoroughLimits : quickLimits,
        );
      } catch (bug) {
        onError(bug);
        return failedDiagnosis(examine);
      }
    };
    return diagnoses.submit(client?.id ?? '', diagnose, isAlone);
  };
};

interface ExaminedRequest extends Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'> {
  readonly target: string | undefined;
  readonly body: Buffer | undefined;
  readonly client: Client | undefined;
  readonly clientId: string | undefined;
}

const failedDiagnosis = (subject: Diagnosis['subject']): Diagnosis => ({
  subject,
  verdict: 'unexplained',
  notes: [],
  evidence: ['The diagnosis itself failed; see the log.'],
  spent: { hypotheses: 0, ms: 0 },
  // To search again would fail again.
  exhausted: true,
});

type Examination = keyof typeof examinations;

const chooseExamination = (
  req: IncomingMessage,
  step: string,
  { details }: Refusal,
): Examination | undefined => {
  if (step === 'verify-signature' || details.register === 'G-11') return 'signature';
  if (step === 'decrypt-body' && details.register === 'G-13') return 'sealing';
  return sealedUnderAnotherName(req) ? 'sealing' : undefined;
};

const sealedUnderAnotherName = (req: IncomingMessage): boolean => {
  const name = req.headers['encrypt'] === undefined ? misnamedAs(req, 'Encrypt') : undefined;
  return name !== undefined && /symmetric/i.test(String(req.headers[name.toLowerCase()]));
};

const examinations = {
  signature: (
    req: ExaminedRequest,
    { parties, scheme, ecc224, cpuNow }: DiagnoserDeps,
    limits: DoctorLimits,
  ): Diagnosis => {
    const clientId = req.clientId ?? String(req.headers['client-id'] ?? '');
    return diagnoseSignature(
      {
        signer: 'client',
        method: req.method ?? '',
        target: req.target ?? '',
        hosts: [...(req.headers.host === undefined ? [] : [req.headers.host]), 'open.alipay.hk'],
        clientId,
        time: String(req.headers['request-time'] ?? ''),
        signatureHeader: String(req.headers['signature'] ?? ''),
        body: req.body ?? Buffer.alloc(0),
        ...otherBody(req, parties.platform, scheme),
        keys: collectCandidateKeys(parties, clientId),
        ecc224,
      },
      limits,
      cpuNow,
    );
  },
  sealing: (req: ExaminedRequest, { parties, scheme, cpuNow }: DiagnoserDeps): Diagnosis => {
    const headerName =
      req.headers['encrypt'] === undefined ? (misnamedAs(req, 'Encrypt') ?? 'Encrypt') : 'Encrypt';
    const sealed: SealingCase = {
      headerName,
      header: String(req.headers[headerName.toLowerCase()] ?? ''),
      body: req.body ?? Buffer.alloc(0),
      keys: [
        ...unwrappingKeys(parties.platform, 'receiver'),
        ...(req.client === undefined ? [] : unwrappingKeys(req.client.keyring, 'other')),
      ],
      scheme,
    };
    return diagnoseSealing(sealed, cpuNow);
  },
} as const;

/** The body in the form that was not sent: it may be the one that was signed. */
const otherBody = (
  { headers, body }: ExaminedRequest,
  platform: Keyring,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody' | 'sealedBody'> => {
  const header = headers['encrypt'];
  const key = platform.find('RSA')?.privateKey;
  return typeof header !== 'string' || body === undefined || key === undefined
    ? {}
    : readOtherForm(header, body, key, scheme);
};
