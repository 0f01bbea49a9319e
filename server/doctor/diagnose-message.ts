import { misnamedHeader } from '../protocol/header-names.ts';
import { diagnoseSealing } from './diagnose-sealing.ts';
import { diagnoseSignature } from './diagnose-signature.ts';
import type { CandidateKey, Diagnosis, DoctorLimits, SignatureCase } from './diagnosis.ts';
import { type HeldKeys, unwrappingKeys } from './held-keys.ts';
import { findHeader, type ReadMessage } from './read-request-text.ts';
import { otherForm } from './sealing/other-form.ts';
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

/**
 * Diagnoses a copied message: its signature and, when it is sealed, its sealing. @param target of
 * its request, for a response
 */
export const diagnoseMessage = (
  message: ReadMessage,
  keys: DoctorKeys,
  target: string | undefined,
  rules: DoctorRules,
): Diagnosis[] => {
  const isResponse = message.kind === 'response';
  const signature = diagnoseSignature(
    {
      signer: isResponse ? 'platform' : 'client',
      method: isResponse ? 'POST' : message.method,
      target: target ?? (isResponse ? '' : message.target),
      hosts: [
        ...(isResponse || message.host === undefined ? [] : [message.host]),
        'open.alipay.hk',
      ],
      clientId: keys.clientId,
      time: findHeader(message, isResponse ? 'response-time' : 'request-time') ?? '',
      signatureHeader: findHeader(message, 'signature') ?? '',
      body: message.body,
      ...otherBody(message, keys, rules),
      keys: keys.signing,
      ecc224: rules.ecc224,
    },
    rules.limits,
    rules.steadyNow,
  );
  const headerName =
    findHeader(message, 'encrypt') === undefined
      ? misnamedHeader(namesOf(message), 'Encrypt')
      : 'Encrypt';
  return headerName === undefined
    ? [signature]
    : [signature, diagnoseSeal(message, headerName, keys, rules)];
};

const otherBody = (
  message: ReadMessage,
  { platform, client }: DoctorKeys,
  { scheme }: DoctorRules,
): ReturnType<typeof otherForm> => {
  const header = findHeader(message, 'encrypt');
  const [key] = unwrappingKeys(
    message.kind === 'response' ? client : platform,
    'receiver',
  ).toSorted((a, b) => b.version - a.version);
  return header === undefined || key === undefined
    ? {}
    : otherForm(header, message.body, key.key, scheme);
};

const namesOf = ({ headers }: ReadMessage): readonly string[] => headers.map(([name]) => name);

const diagnoseSeal = (
  message: ReadMessage,
  headerName: string,
  { platform, client }: DoctorKeys,
  { scheme, steadyNow }: DoctorRules,
): Diagnosis => {
  const [receiver, other] = message.kind === 'response' ? [client, platform] : [platform, client];
  return diagnoseSealing(
    {
      headerName,
      header: findHeader(message, headerName) ?? '',
      body: message.body,
      keys: [...unwrappingKeys(receiver, 'receiver'), ...unwrappingKeys(other, 'other')],
      scheme,
    },
    steadyNow,
  );
};
