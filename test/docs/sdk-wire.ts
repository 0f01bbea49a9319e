/**
 * What the official SDKs put on the wire, and how they read an answer: their habits as data, none
 * of their code.
 */

export interface SdkCall {
  readonly clientId: string;
  readonly keyVersion: number;
  readonly time: string;
  /** Base64 of the signature. */
  readonly signature: string;
}

export interface SdkReading {
  /** Base64 of the signature. */
  readonly signature: string;
  readonly time: string;
  /** The Client-Id that goes into the text to verify. */
  readonly clientId: string;
}

export interface SdkWire {
  readonly name: string;
  /** How this SDK writes Request-Time. */
  time(now: Date): string;
  /** What stands in the request line. */
  target(origin: string, path: string): string;
  /** Header lines in the SDK's own order and letter case, with what it sends twice or empty. */
  headerLines(call: SdkCall, host: string): readonly string[];
  /**
   * @param lines the answer's header lines as they came. @returns undefined when the SDK finds no
   * signature to verify.
   */
  read(lines: readonly string[], own: SdkCall): SdkReading | undefined;
}

const signaturePairs = ({ keyVersion, signature }: SdkCall): string =>
  `algorithm=RSA256,keyVersion=${keyVersion},signature=${encodeURIComponent(signature)}`;

const seconds = (now: Date): string => now.toISOString().slice(0, 19);
const milliseconds = (now: Date): string => String(now.getTime());
const originForm = (_origin: string, path: string): string => path;

const nameOf = (line: string): string => line.slice(0, line.indexOf(':'));
const contentOf = (line: string): string => line.slice(line.indexOf(':') + 1).trim();
/** Names compared as they come. */
const exactly = (lines: readonly string[], name: string): string | undefined =>
  lines
    .filter((line) => nameOf(line) === name)
    .map(contentOf)
    .at(-1);
/** Names compared as HTTP has it; of several the first. */
const anyCase = (lines: readonly string[], name: string): string | undefined =>
  lines
    .filter((line) => nameOf(line).toLowerCase() === name)
    .map(contentOf)
    .at(0);
/** What stands behind `signature=`, to the end. */
const behindSignature = (value: string | undefined): string | undefined =>
  value?.split('signature=')[1];
/** As form decoders do it: a plus is a blank. */
const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const reading = (
  signature: string | undefined,
  time: string | undefined,
  clientId: string | undefined,
): SdkReading | undefined =>
  signature === undefined || time === undefined || clientId === undefined
    ? undefined
    : { signature, time, clientId };

const java: SdkWire = {
  name: 'Java',
  time: milliseconds,
  target: originForm,
  headerLines: (call, host) => [
    'Content-Type: application/json; charset=UTF-8',
    'Accept: text/plain,text/xml,text/javascript,text/html',
    'Connection: keep-alive',
    `Request-Time: ${call.time}`,
    `client-id: ${call.clientId}`,
    `Signature: ${signaturePairs(call)}`,
    `Host: ${host}`,
  ],
  // The third pair, whatever its name; it must hold one "=" only, so the value must be URL-encoded.
  read: (lines, { clientId }) => {
    const parts = (anyCase(lines, 'signature')?.split(',')[2] ?? '').split('=');
    return reading(
      parts.length === 2 ? formDecoded(parts[1] ?? '') : undefined,
      anyCase(lines, 'response-time'),
      clientId,
    );
  },
};

const python: SdkWire = {
  name: 'Python',
  time: (now) => `${seconds(now)}+00:00`,
  target: (origin, path) => `${origin}${path}`, // the whole URL stands in the request line
  headerLines: (call, host) => [
    `Host: ${host}`,
    'Accept-Encoding: identity',
    'Content-type: application/json; charset=UTF-8',
    'Cache-Control: no-cache',
    'Connection: Keep-Alive',
    `Request-Time: ${call.time}`,
    `client-id: ${call.clientId}`,
    `Signature: ${signaturePairs(call)}`,
  ],
  // Names in lower case or not at all; Client-Id as the answer has it.
  read: (lines) => {
    const signature = behindSignature(exactly(lines, 'signature'));
    return reading(
      signature === undefined ? undefined : formDecoded(signature),
      exactly(lines, 'response-time'),
      exactly(lines, 'client-id'),
    );
  },
};

const php: SdkWire = {
  name: 'PHP',
  time: (now) => `${seconds(now)}+0000`, // no colon in the offset
  target: originForm,
  headerLines: (call, host) => [
    `Host: ${host}`,
    'Accept: */*',
    'Content-Type:application/json; charset=UTF-8',
    `Request-Time:${call.time}`,
    `client-id:${call.clientId}`,
    `Signature:${signaturePairs(call)}`,
  ],
  // The last line that holds the word anywhere, name or value.
  read: (lines, { clientId }) => {
    const timeLine = lines.filter((line) => line.includes('response-time')).at(-1);
    const line = lines
      .filter((one) => one.includes('signature') && !one.includes('response-time'))
      .at(-1);
    const value = line?.slice(line.lastIndexOf('=') + 1);
    return reading(
      value === undefined ? undefined : formDecoded(value),
      timeLine === undefined ? undefined : contentOf(timeLine),
      clientId,
    );
  },
};

const go: SdkWire = {
  name: 'Go',
  time: milliseconds,
  target: originForm,
  headerLines: (call, host) => [
    `Host: ${host}`,
    'Agent-Token: ', // sent even when there is none
    `Client-Id: ${call.clientId}`,
    'Content-Type: application/json', // twice
    'Content-Type: application/json; charset=UTF-8',
    `Key-Version: ${call.keyVersion}`,
    `Request-Time: ${call.time}`,
    `Signature: ${signaturePairs(call)}`,
  ],
  read: (lines) => {
    const signature = behindSignature(anyCase(lines, 'signature'));
    return reading(
      signature === undefined ? undefined : formDecoded(signature),
      anyCase(lines, 'response-time'),
      anyCase(lines, 'client-id'),
    );
  },
};

const dotnet: SdkWire = {
  name: '.NET',
  time: (now) => now.toISOString().replace('Z', '0000Z'), // seven digits of a second
  target: originForm,
  headerLines: (call, host) => [
    `Host: ${host}`,
    `client-id: ${call.clientId}`,
    `signature: ${signaturePairs(call).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())}`, // %2b, not %2B
    `request-time: ${call.time}`,
    'Content-Type: application/json; charset=UTF-8',
  ],
  read: (lines, { clientId }) => {
    const signature = behindSignature(anyCase(lines, 'signature'));
    return reading(
      signature === undefined ? undefined : formDecoded(signature),
      anyCase(lines, 'response-time'),
      clientId,
    );
  },
};

export const sdkWires: readonly SdkWire[] = [java, python, php, go, dotnet];
