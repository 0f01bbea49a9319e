import { createDecipheriv, type KeyObject } from 'node:crypto';
import { decodeWrappedBase64, readHeaderPairs } from '../../protocol/headers.ts';
import {
  type BodyCipher,
  bodyCiphers,
  decryptBody,
  encryptBody,
  openBody,
  openSymmetricKey,
  type SealingScheme,
} from '../../protocol/sealing.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { SignatureCase } from '../diagnosis.ts';

/** One reading of the body's text as ciphertext. */
interface CipherText {
  readonly bytes: Buffer;
  readonly suspicions: readonly Suspicion[];
}

export interface OpenedBody {
  readonly suspicions: readonly Suspicion[];
}

const openedTextDecoder = new TextDecoder('utf-8', { fatal: true });

/** A text in a JSON body that may be the ciphertext, with the names that lead to it. */
export interface JsonCipherText {
  readonly path: string;
  readonly text: string;
}

/** The text that makes up more than half of a JSON body and is written as a ciphertext is. */
export const cipherTextIn = (body: Buffer): JsonCipherText | undefined => {
  try {
    return longTexts(JSON.parse(openedTextDecoder.decode(body)), '', body.length / 2)[0];
  } catch {
    return undefined;
  }
};

const longTexts = (value: unknown, path: string, minLength: number): readonly JsonCipherText[] => {
  if (typeof value === 'string')
    return value.length > minLength && cipherTextForm.test(value) ? [{ path, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    longTexts(inner, path === '' ? key : `${path}.${key}`, minLength),
  );
};

/** Base64 in either alphabet, also URL-encoded, or hex; of one AES block at least. */
const cipherTextForm = /^[\w+/=\s%-]{22,}$/;
/** Longer than a UUID or another id. */
const longText = 64;

/** Whether a text that does not open may still be a ciphertext, of an unknown key: no sentence. */
export const mayBeCipherText = ({ text }: JsonCipherText): boolean =>
  /\S{22}/.test(text) && (text.length >= longText || Buffer.from(text, 'base64').length % 16 === 0);

/**
 * A wrong key or mode passes unpadding once in some 256 times: only text that is a JSON object or
 * array counts as opened.
 */
export const isJsonText = (bytes: Buffer): boolean => {
  try {
    const value: unknown = JSON.parse(openedTextDecoder.decode(bytes));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
};

/** Opens the body with the key in every mode known here, the receiver's own first. */
export const openBodyWith = (
  body: Buffer,
  aesKey: Buffer,
  expected: BodyCipher,
): OpenedBody | undefined => {
  for (const { bytes, suspicions } of cipherTexts(body)) {
    for (const { finding, open } of modes(expected)) {
      const plain = open(bytes, aesKey);
      if (plain !== undefined && isJsonText(plain))
        return { suspicions: [...finding, ...suspicions] };
    }
  }
  return undefined;
};

/** Block modes in which each block opens without the ones after it. */
const truncatable = ['ecb', 'cbc', 'cbc-zero-iv'] as const satisfies readonly BodyCipher[];
const proofBytes = 64;

/**
 * Whether the whole blocks open to the beginning of a JSON text, so that only the end is missing. A
 * wrong key gives random bytes, which are never so much readable text.
 */
export const opensToBeginning = (body: Buffer, aesKey: Buffer): boolean =>
  cipherTexts(body).some(({ bytes }) =>
    truncatable.some((how) => {
      const hasIv = how === 'cbc';
      const blocks = bytes.subarray(hasIv ? 16 : 0, bytes.length - (bytes.length % 16));
      const iv = how === 'ecb' ? null : hasIv ? bytes.subarray(0, 16) : Buffer.alloc(16);
      const mode = how === 'ecb' ? 'ecb' : 'cbc';
      const plain = decipher(mode, blocks, { key: aesKey, iv, isPadded: false });
      return plain !== undefined && isBeginning(plain.subarray(0, proofBytes));
    }),
  );

const isBeginning = (bytes: Buffer): boolean =>
  bytes.length >= 16 && /^\s*[{[]\s*["[{][^\p{Cc}\ufffd]*\ufffd?$/u.test(bytes.toString());

const cipherTexts = (body: Buffer): readonly CipherText[] => {
  const text = body.toString('latin1').trim();
  const standard = decodeWrappedBase64(body.toString('latin1'));
  const right: readonly CipherText[] =
    standard === undefined ? [] : [{ bytes: standard, suspicions: [] }];
  const others: readonly (readonly [bytes: Buffer | undefined, detail: string])[] = [
    [/^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined, 'hex'],
    [/^[\w-]+=*$/.test(text) ? Buffer.from(text, 'base64url') : undefined, 'URL-safe base64'],
    [
      /^[\w+/= ]+$/.test(text) && text.includes(' ')
        ? Buffer.from(text.replaceAll(' ', '+'), 'base64')
        : undefined,
      'every "+" became a space',
    ],
    [
      /^"?[\w+/=\s]+"?$/.test(text) ? Buffer.from(text.replaceAll('"', ''), 'base64') : undefined,
      'base64 in quotation marks, with spaces or without its padding',
    ],
    [
      /%[0-9a-f]{2}/i.test(text)
        ? Buffer.from(
            text.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
              String.fromCharCode(Number.parseInt(code, 16)),
            ),
            'base64',
          )
        : undefined,
      'URL-encoded base64',
    ],
    [
      standard === undefined ? undefined : decodeWrappedBase64(standard.toString('latin1')),
      'base64 twice',
    ],
    [body, 'raw bytes'],
  ];
  return [
    ...right,
    ...others.flatMap(([bytes, detail]) =>
      bytes === undefined ? [] : [{ bytes, suspicions: [suspect('ENC_BODY_ENCODING', detail)] }],
    ),
  ];
};

interface Mode {
  readonly finding: readonly Suspicion[];
  readonly open: (sealed: Buffer, key: Buffer) => Buffer | undefined;
}

const modeSuspicions: Readonly<Record<BodyCipher, Suspicion>> = {
  ecb: suspect('ENC_MODE_ECB'),
  cbc: suspect('ENC_MODE_CBC', 'the IV in front of the ciphertext'),
  'cbc-zero-iv': suspect('ENC_MODE_CBC', 'an IV of zeros that is not sent'),
  gcm: suspect('ENC_MODE_GCM', '12 bytes IV, ciphertext, tag'),
};

const modes = (expected: BodyCipher): readonly Mode[] => {
  const known = bodyCiphers.map(
    (how): Mode => ({
      finding: how === expected ? [] : [modeSuspicions[how]],
      open: (sealed, key) => decryptBody(sealed, key, how),
    }),
  );
  return [...known.toSorted((a, b) => a.finding.length - b.finding.length), ...strangeModes];
};

type StreamMode = 'ctr' | 'cfb' | 'cfb8' | 'ofb';

/** Where a stream begins: its IV, and how many bytes of the body are not ciphertext. */
type StreamStart = (sealed: Buffer, key: Buffer) => readonly [iv: Buffer, sent: number];

const counterFrom =
  (count: number): StreamStart =>
  (sealed) => [Buffer.concat([sealed.subarray(0, 12), Buffer.from([0, 0, 0, count])]), 12];

/** Modes that make a stream of AES, by how they start. */
const otherModes = (): readonly Mode[] => {
  const starts: readonly (readonly [detail: string, start: StreamStart])[] = [
    ['the IV in front of the ciphertext', (sealed) => [sealed.subarray(0, 16), 16]],
    ['an IV of zeros that is not sent', () => [Buffer.alloc(16), 0]],
    ['the first half of the key as IV', (_, key) => [key.subarray(0, 16), 0]],
  ];
  const everyStart = (['ctr', 'cfb', 'cfb8', 'ofb'] as const).flatMap((mode) =>
    starts.map(([detail, start]) => [mode, detail, start] as const),
  );
  // The last is GCM without its tag.
  const nonces = [0, 1, 2].map(
    (count) => ['ctr', '12 bytes nonce in front of the ciphertext', counterFrom(count)] as const,
  );
  return [...everyStart, ...nonces].map(([mode, detail, start]) => ({
    finding: [suspect('ENC_MODE_OTHER', `${mode.toUpperCase()}, ${detail}`)],
    open: (sealed, key) => openStream(mode, sealed, key, start),
  }));
};

/** A stream opens byte by byte: its first block says whether the rest is worth it. */
const openStream = (
  mode: StreamMode,
  sealed: Buffer,
  key: Buffer,
  start: StreamStart,
): Buffer | undefined => {
  const [iv, sent] = start(sealed, key);
  const open = (to?: number) =>
    decipher(mode, sealed.subarray(sent, to), { key, iv, isPadded: false });
  if (!/^\s*[{[]/.test(open(sent + 16)?.toString() ?? '')) return undefined;
  const plain = open();
  // Code that knows blocks only pads here, too.
  return plain?.subarray(0, plain.findLastIndex((byte) => byte > 16) + 1);
};

const openLongIv = (sealed: Buffer, key: Buffer): Buffer | undefined => {
  try {
    const name = `aes-${key.length * 8}-gcm` as 'aes-256-gcm';
    const opening = createDecipheriv(name, key, sealed.subarray(0, 16), { authTagLength: 16 });
    opening.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([opening.update(sealed.subarray(16, -16)), opening.final()]);
  } catch {
    return undefined;
  }
};

/** @param isPadded whether the padding is checked and taken off */
function decipher(
  mode: 'ecb' | 'cbc' | StreamMode,
  sealed: Buffer,
  {
    key,
    iv,
    isPadded,
  }: { readonly key: Buffer; readonly iv: Buffer | null; readonly isPadded: boolean },
): Buffer | undefined {
  try {
    const opening = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv);
    opening.setAutoPadding(isPadded);
    return Buffer.concat([opening.update(sealed), opening.final()]);
  } catch {
    return undefined;
  }
}

const zeroPadded = (sealed: Buffer, key: Buffer): Buffer | undefined => {
  const padded = decipher('ecb', sealed, { key, iv: null, isPadded: false });
  return padded?.subarray(0, padded.findLastIndex((byte) => byte !== 0) + 1);
};

/** Arrangements that no guide describes but code in the field has. */
const strangeModes: readonly Mode[] = [
  {
    finding: [suspect('ENC_MODE_CBC', 'the first half of the key as IV')],
    open: (sealed, key) =>
      decipher('cbc', sealed, { key, iv: key.subarray(0, 16), isPadded: true }),
  },
  {
    finding: [suspect('ENC_MODE_GCM', '12 bytes IV, tag, ciphertext')],
    open: (sealed, key) =>
      decryptBody(
        Buffer.concat([sealed.subarray(0, 12), sealed.subarray(28), sealed.subarray(12, 28)]),
        key,
        'gcm',
      ),
  },
  {
    finding: [suspect('ENC_MODE_GCM', '16 bytes IV, ciphertext, tag')],
    open: openLongIv,
  },
  { finding: [suspect('ENC_PADDING')], open: zeroPadded },
  ...otherModes(),
];

/**
 * The body of an encrypted message in its other form, which may have been signed instead of the one
 * that was sent. Only ever compared by hash.
 * @param header the value of Encrypt
 * @param key the receiver's private RSA key
 */
export const readOtherForm = (
  header: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody' | 'sealedBody'> => {
  const symmetricKey = readHeaderPairs(header).pairs.get('symmetricKey') ?? '';
  if (!isJsonText(body)) return plainForm(symmetricKey, body, key, scheme);
  const inside = cipherTextIn(body);
  const opened =
    inside === undefined ? {} : plainForm(symmetricKey, Buffer.from(inside.text), key, scheme);
  if (opened.plainBody !== undefined) return opened;
  const aesKey = openSymmetricKey(symmetricKey, key, scheme);
  // With a random IV the ciphertext is another one each time.
  if (!Buffer.isBuffer(aesKey) || !(scheme.cipher === 'ecb' || scheme.cipher === 'cbc-zero-iv'))
    return {};
  return { sealedBody: Buffer.from(encryptBody(body, aesKey, scheme.cipher).toString('base64')) };
};

const plainForm = (
  symmetricKey: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody'> => {
  const opened = openBody(symmetricKey, body, key, scheme);
  return 'plain' in opened ? { plainBody: opened.plain } : {};
};
