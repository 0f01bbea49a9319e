import type { IncomingMessage } from 'node:http';
import type { Settings } from '../config/settings-table.ts';
import { diagnoseSealing, type SealingCase } from '../doctor/diagnose-sealing.ts';
import { diagnoseSignature } from '../doctor/diagnose-signature.ts';
import type { CandidateKey, Diagnosis, DoctorLimits, SignatureCase } from '../doctor/diagnosis.ts';
import { candidateKeys, unwrappingKeys } from '../doctor/held-keys.ts';
import { otherForm } from '../doctor/sealing/other-form.ts';
import type { Keyring, Parties } from '../keyring/keyring.ts';
import type { SealingScheme } from '../protocol/sealing.ts';
import type { Exchange } from './exchange.ts';
import { misnamedAs } from './misnamed-headers.ts';
import { Refusal } from './refusal.ts';

/** Finds out why a signature or a sealed body was refused. undefined: nothing to diagnose, or no time left for it. */
export type Doctor = (req: IncomingMessage, exchange: Exchange, error: unknown) => Diagnosis | undefined;

export interface DoctorParts {
  readonly parties: Parties;
  readonly scheme: SealingScheme;
  readonly ecc224: Settings['ecc224'];
  /** Milliseconds on a steady clock. */
  readonly steadyNow: () => number;
}

/** One diagnosis must not hold up the others for long: these are tighter than for a person who waits for the answer. */
const limits: DoctorLimits = { maxBodyBytes: 256 * 1024, maxHypotheses: 12_000, maxVerifications: 120, maxMs: 100 };

/** Of every second the doctor gets so many milliseconds, so that a flood of bad signatures cannot burn the processor. */
const millisecondsPerSecond = 50;

const mostOtherClients = 50;

export const createDoctor = ({ parties, scheme, ecc224, steadyNow }: DoctorParts): Doctor => {
  const allowance = createAllowance(millisecondsPerSecond, steadyNow);
  return (req, exchange, error) => {
    const examine = error instanceof Refusal ? chooseExamination(req, exchange, error) : undefined;
    if (examine === undefined || !allowance.isLeft()) return undefined;
    const began = steadyNow();
    const diagnosis = examinations[examine](req, exchange, { parties, scheme, ecc224, steadyNow });
    allowance.spend(steadyNow() - began);
    return diagnosis;
  };
};

type Examination = keyof typeof examinations;

const chooseExamination = (req: IncomingMessage, { lastStep }: Exchange, { details }: Refusal): Examination | undefined => {
  if (lastStep === 'verify-signature' || details.register === 'G-11') return 'signature';
  if (lastStep === 'decrypt-body' && details.register === 'G-13') return 'sealing';
  return sealedUnderAnotherName(req) ? 'sealing' : undefined;
};

const sealedUnderAnotherName = (req: IncomingMessage): boolean => {
  const name = req.headers['encrypt'] === undefined ? misnamedAs(req, 'Encrypt') : undefined;
  return name !== undefined && /symmetric/i.test(String(req.headers[name.toLowerCase()]));
};

const examinations = {
  signature: (req: IncomingMessage, { facts }: Exchange, { parties, scheme, ecc224, steadyNow }: DoctorParts): Diagnosis => {
    const clientId = facts.headers?.clientId ?? String(req.headers['client-id'] ?? '');
    return diagnoseSignature(
      {
        signer: 'client',
        method: req.method ?? '',
        target: facts.target ?? '',
        hosts: [...(req.headers.host === undefined ? [] : [req.headers.host]), 'open.alipay.hk'],
        clientId,
        time: String(req.headers['request-time'] ?? ''),
        signatureHeader: String(req.headers['signature'] ?? ''),
        body: facts.body ?? Buffer.alloc(0),
        ...otherBody(req, facts.body, parties.platform, scheme),
        keys: suspects(parties, clientId),
        ecc224,
      },
      limits,
      steadyNow,
    );
  },
  sealing: (req: IncomingMessage, { facts }: Exchange, { parties, scheme, steadyNow }: DoctorParts): Diagnosis => {
    const headerName = req.headers['encrypt'] === undefined ? (misnamedAs(req, 'Encrypt') ?? 'Encrypt') : 'Encrypt';
    const sealed: SealingCase = {
      headerName,
      header: String(req.headers[headerName.toLowerCase()] ?? ''),
      body: facts.body ?? Buffer.alloc(0),
      keys: [
        ...unwrappingKeys(parties.platform, 'receiver'),
        ...(facts.client === undefined ? [] : unwrappingKeys(facts.client.keyring, 'other')),
      ],
      scheme,
    };
    return diagnoseSealing(sealed, steadyNow);
  },
} as const;

const suspects = ({ platform, clients }: Parties, clientId: string): CandidateKey[] => [
  ...candidateKeys(clients.get(clientId), 'client'),
  ...candidateKeys(platform, 'platform'),
  ...[...clients]
    .filter(([id]) => id !== clientId)
    .slice(0, mostOtherClients)
    .flatMap(([, keyring]) => candidateKeys(keyring, 'other-client')),
];

/** The body in the form that was not sent: it may be the one that was signed. */
const otherBody = (
  req: IncomingMessage,
  body: Buffer | undefined,
  platform: Keyring,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody' | 'sealedBody'> => {
  const header = req.headers['encrypt'];
  const key = platform.find('RSA')?.privateKey;
  return typeof header !== 'string' || body === undefined || key === undefined ? {} : otherForm(header, body, key, scheme);
};

const createAllowance = (perSecond: number, steadyNow: () => number) => {
  let left = perSecond;
  let at = steadyNow();
  return {
    isLeft: (): boolean => {
      const now = steadyNow();
      left = Math.min(perSecond, left + ((now - at) / 1000) * perSecond);
      at = now;
      return left > 0;
    },
    spend: (milliseconds: number): void => {
      left -= milliseconds;
    },
  };
};
