import { misnamedHeader } from '../protocol/headers.ts';
import {
  type CandidateKey,
  type Diagnosis,
  type DoctorLimits,
  type KeySource,
  type SealingCase,
  type SignatureCase,
  unwrappingKeys,
} from './diagnosis.ts';
import { looksLikeCurl, readCurl } from './read-curl.ts';
import {
  findHeader,
  looksLikeHttp,
  looksLikeVerboseCurl,
  type ReadMessage,
  type RequestReading,
  readCurlOutput,
  readHttp,
} from './read-http.ts';
import { diagnoseSealing } from './sealing/diagnose-sealing.ts';
import { readOtherForm } from './sealing/open-body.ts';
import { diagnoseSignature } from './signature/diagnose-signature.ts';

/**
 * Reads a message that someone copied: a raw HTTP request or response, a curl command line, or what
 * curl printed.
 */
export const readRequestText = (text: string | Buffer): RequestReading => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (looksLikeHttp(bytes)) return readHttp(bytes);
  const isCommand = looksLikeCurl(bytes.toString('utf8', 0, 256));
  if (!isCommand && looksLikeVerboseCurl(bytes.toString('latin1'))) return readCurlOutput(bytes);
  if (isCommand) return readCurl(withoutOutput(bytes.toString('utf8')));
  return {
    problem:
      'This is neither a raw HTTP message (it would begin like "POST /path HTTP/1.1" or ' +
      '"HTTP/1.1 200"), nor a curl command, nor what "curl -v" printed.',
  };
};

/** A command line that was copied together with what `-v` printed below it. */
const withoutOutput = (text: string): string =>
  text.replace(/\n(?:\* |> [A-Z]+ \S+ HTTP\/|< HTTP\/)[\s\S]*$/, '\n');

/** The keys that a message may have been signed with or sealed for. */
export interface DoctorKeys {
  readonly clientId: string;
  readonly signing: readonly CandidateKey[];
  readonly platform: KeySource;
  readonly client: KeySource | undefined;
}

export interface DiagnoseOptions {
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
  rules: DiagnoseOptions,
): Diagnosis[] => {
  const isResponse = message.kind === 'response';
  const signature = diagnoseSignature(
    {
      signer: isResponse ? 'platform' : 'client',
      method: isResponse ? 'POST' : message.method,
      target: target ?? message.target,
      hosts: [
        ...(isResponse || message.host === undefined ? [] : [message.host]),
        'open.alipay.hk',
      ],
      clientId: keys.clientId,
      time: findHeader(message, isResponse ? 'response-time' : 'request-time') ?? '',
      signatureHeader: findHeader(message, 'signature') ?? '',
      body: message.body,
      ...readOtherBody(message, keys, rules),
      keys: keys.signing,
      ecc224: rules.ecc224,
    },
    rules.limits,
    rules.steadyNow,
  );
  const headerName =
    findHeader(message, 'encrypt') === undefined
      ? misnamedHeader(headerNames(message), 'Encrypt')
      : 'Encrypt';
  return headerName === undefined
    ? [signature]
    : [signature, diagnoseSeal(message, headerName, keys, rules)];
};

const readOtherBody = (
  message: ReadMessage,
  { platform, client }: DoctorKeys,
  { scheme }: DiagnoseOptions,
): ReturnType<typeof readOtherForm> => {
  const header = findHeader(message, 'encrypt');
  const [key] = unwrappingKeys(
    message.kind === 'response' ? client : platform,
    'receiver',
  ).toSorted((a, b) => b.version - a.version);
  return header === undefined || key === undefined
    ? {}
    : readOtherForm(header, message.body, key.key, scheme);
};

const headerNames = ({ headers }: ReadMessage): readonly string[] => headers.map(([name]) => name);

const diagnoseSeal = (
  message: ReadMessage,
  headerName: string,
  { platform, client }: DoctorKeys,
  { scheme, steadyNow }: DiagnoseOptions,
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
