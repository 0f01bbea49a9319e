import { createDecipheriv } from 'node:crypto';
import { type BodyCipher, bodyCiphers, decryptBody } from '../../protocol/body-cipher.ts';
import { decodeWrappedBase64 } from '../../protocol/encodings.ts';
import { type Blame, blame } from '../finding.ts';

/** One reading of the body's text as ciphertext. */
interface CipherText {
  readonly bytes: Buffer;
  readonly blames: readonly Blame[];
}

export interface OpenedBody {
  readonly blames: readonly Blame[];
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** A text in a JSON body that may be the ciphertext, with the names that lead to it. */
export interface JsonCipherText {
  readonly path: string;
  readonly text: string;
}

/**
 * The texts that make up most of a JSON body and are base64 of whole AES blocks: at most one, for
 * it takes more than half.
 */
export const cipherTextsIn = (body: Buffer): readonly JsonCipherText[] => {
  try {
    return longTexts(JSON.parse(strict.decode(body)), '', body.length / 2);
  } catch {
    return [];
  }
};

const longTexts = (value: unknown, path: string, minLength: number): readonly JsonCipherText[] => {
  if (typeof value === 'string')
    return isCipherText(value, minLength) ? [{ path, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    longTexts(inner, path === '' ? key : `${path}.${key}`, minLength),
  );
};

const isCipherText = (text: string, minLength: number): boolean =>
  text.length > minLength &&
  /^[\w+/=\s-]{22,}$/.test(text) &&
  Buffer.from(text, 'base64').length % 16 === 0;

/**
 * A wrong key or mode passes unpadding once in some 256 times: only text that is a JSON object or
 * array counts as opened.
 */
export const isJsonText = (bytes: Buffer): boolean => {
  try {
    const value: unknown = JSON.parse(strict.decode(bytes));
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
  for (const { bytes, blames } of cipherTexts(body)) {
    for (const { finding, open } of modes(expected)) {
      const plain = open(bytes, aesKey);
      if (plain !== undefined && isJsonText(plain)) return { blames: [...finding, ...blames] };
    }
  }
  return undefined;
};

const cipherTexts = (body: Buffer): readonly CipherText[] => {
  const text = body.toString('latin1').trim();
  const standard = decodeWrappedBase64(body.toString('latin1'));
  const right: readonly CipherText[] =
    standard === undefined ? [] : [{ bytes: standard, blames: [] }];
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
      'base64 in quotation marks, with blanks or without its padding',
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
    [body, 'raw bytes'],
  ];
  return [
    ...right,
    ...others.flatMap(([bytes, detail]) =>
      bytes === undefined ? [] : [{ bytes, blames: [blame('ENC_BODY_ENCODING', detail)] }],
    ),
  ];
};

interface Mode {
  readonly finding: readonly Blame[];
  readonly open: (sealed: Buffer, key: Buffer) => Buffer | undefined;
}

const blamed: Readonly<Record<BodyCipher, Blame>> = {
  ecb: blame('ENC_MODE_ECB'),
  cbc: blame('ENC_MODE_CBC', 'the IV in front of the ciphertext'),
  'cbc-zero-iv': blame('ENC_MODE_CBC', 'an IV of zeros that is not sent'),
  gcm: blame('ENC_MODE_GCM', '12 bytes IV, ciphertext, tag'),
};

const modes = (expected: BodyCipher): readonly Mode[] => {
  const known = bodyCiphers.map(
    (how): Mode => ({
      finding: how === expected ? [] : [blamed[how]],
      open: (sealed, key) => decryptBody(sealed, key, how),
    }),
  );
  return [...known.toSorted((a, b) => a.finding.length - b.finding.length), ...strangeModes];
};

/** Arrangements that no guide describes but code in the field has. */
const strangeModes: readonly Mode[] = [
  {
    finding: [blame('ENC_MODE_CBC', 'the first half of the key as IV')],
    open: (sealed, key) => cbc(sealed, key, key.subarray(0, 16)),
  },
  {
    finding: [blame('ENC_MODE_GCM', '12 bytes IV, tag, ciphertext')],
    open: (sealed, key) =>
      decryptBody(
        Buffer.concat([sealed.subarray(0, 12), sealed.subarray(28), sealed.subarray(12, 28)]),
        key,
        'gcm',
      ),
  },
  { finding: [blame('ENC_PADDING')], open: zeroPadded },
];

const cbc = (sealed: Buffer, key: Buffer, iv: Buffer): Buffer | undefined =>
  attempt(() => {
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  });

function zeroPadded(sealed: Buffer, key: Buffer): Buffer | undefined {
  return attempt(() => {
    const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(sealed), decipher.final()]);
    return padded.subarray(0, padded.findLastIndex((byte) => byte !== 0) + 1);
  });
}

const attempt = (open: () => Buffer): Buffer | undefined => {
  try {
    return open();
  } catch {
    return undefined;
  }
};
