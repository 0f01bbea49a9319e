import { diagnoseSealing } from './diagnose-sealing.ts';
import { diagnoseSignature } from './diagnose-signature.ts';
import type { CandidateKey, Diagnosis, DoctorLimits, SignatureCase } from './diagnosis.ts';
import { type HeldKeys, unwrappingKeys } from './held-keys.ts';
import { headerOf, type ReadMessage } from './read-request-text.ts';
import type { SealingCase } from './sealing/sealing-case.ts';

/** The keys that a message may have been signed with or sealed for. */
export interface DoctorKeys {
  readonly clientId: string;
  readonly signing: readonly CandidateKey[];
  readonly platform: HeldKeys;
  readonly client: HeldKeys | undefined;
}

export interface DoctorRules {
  readonly ecc224: SignatureCase['ecc224'];
  readonly scheme: SealingCase['scheme'];
  readonly limits: DoctorLimits;
  /** Milliseconds on a steady clock. */
  readonly steadyNow: () => number;
}

/** Diagnoses a copied message: its signature and, when it is sealed, its sealing. @param target of its request, for a response */
export const diagnoseMessage = (message: ReadMessage, keys: DoctorKeys, target: string | undefined, rules: DoctorRules): Diagnosis[] => {
  const isResponse = message.kind === 'response';
  const signature = diagnoseSignature(
    {
      signer: isResponse ? 'platform' : 'client',
      method: isResponse ? 'POST' : message.method,
      target: target ?? (isResponse ? '' : message.target),
      hosts: [...(isResponse || message.host === undefined ? [] : [message.host]), 'open.alipay.hk'],
      clientId: keys.clientId,
      time: headerOf(message, isResponse ? 'response-time' : 'request-time') ?? '',
      signatureHeader: headerOf(message, 'signature') ?? '',
      body: message.body,
      keys: keys.signing,
      ecc224: rules.ecc224,
    },
    rules.limits,
    rules.steadyNow,
  );
  const header = headerOf(message, 'encrypt') ?? headerOf(message, 'encryption');
  return header === undefined ? [signature] : [signature, diagnoseSeal(message, header, keys, rules)];
};

const diagnoseSeal = (
  message: ReadMessage,
  header: string,
  { platform, client }: DoctorKeys,
  { scheme, steadyNow }: DoctorRules,
): Diagnosis => {
  const [receiver, other] = message.kind === 'response' ? [client, platform] : [platform, client];
  return diagnoseSealing(
    {
      headerName: headerOf(message, 'encrypt') === undefined ? 'Encryption' : 'Encrypt',
      header,
      body: message.body,
      keys: [...unwrappingKeys(receiver, 'receiver'), ...unwrappingKeys(other, 'other')],
      scheme,
    },
    steadyNow,
  );
};
