import { createCipheriv, createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { SealingCase, UnwrappingKey } from '../../server/doctor/diagnosis.ts';
import {
  type BodyCipher,
  defaultScheme,
  encryptBody,
  type KeyWrap,
  wrapKey,
} from '../../server/protocol/sealing.ts';
import { privateKey } from './samples.ts';

export const receiver = (name: string, version = 1): UnwrappingKey => ({
  owner: 'receiver',
  version,
  key: privateKey(name),
});
const other = (name: string): UnwrappingKey => ({
  owner: 'other',
  version: 1,
  key: privateKey(name),
});
export const platformKeys = [receiver('platform-v1'), other('merchant-v1')];

const plain = Buffer.from(
  JSON.stringify({
    merchantBizNo: 'ORD-1',
    shopName: '香港茶餐廳',
    amount: 12345,
    url: 'https://m.example/a/b',
  }),
);
export const aesKey = Buffer.from(
  '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  'hex',
);

export interface Sealing {
  readonly wrapped?: Buffer;
  readonly wrap?: KeyWrap;
  readonly wrapFor?: KeyObject;
  readonly cipher?: BodyCipher;
  readonly write?: (wrapped: Buffer) => string;
  readonly body?: Buffer;
  readonly headerName?: string;
  readonly header?: string;
  readonly listKey?: string;
  readonly separator?: string;
  readonly version?: number;
  readonly keys?: readonly UnwrappingKey[];
  readonly expected?: Partial<SealingCase['scheme']>;
}

const encoded = (bytes: Buffer): string => encodeURIComponent(bytes.toString('base64'));
const platform = createPublicKey(privateKey('platform-v1'));

export const seal = (s: Sealing): SealingCase => {
  const wrapped = wrapKey(s.wrapped ?? aesKey, s.wrapFor ?? platform, s.wrap ?? 'pkcs1');
  return {
    headerName: s.headerName ?? 'Encrypt',
    header:
      s.header ??
      [
        'algorithm=RSA_AES',
        `keyVersion=${s.version ?? 1}`,
        `${s.listKey ?? 'symmetricKey'}=${(s.write ?? encoded)(wrapped)}`,
      ].join(s.separator ?? ','),
    body: s.body ?? Buffer.from(encryptBody(plain, aesKey, s.cipher ?? 'ecb').toString('base64')),
    keys: s.keys ?? platformKeys,
    scheme: { ...defaultScheme, ...s.expected },
  };
};

const ecb = encryptBody(plain, aesKey, 'ecb');
const cbcWithKeyAsIv = (): Buffer => {
  const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16));
  return Buffer.concat([cipher.update(plain), cipher.final()]);
};
const zeroPadded = (): Buffer => {
  const cipher = createCipheriv('aes-256-ecb', aesKey, null).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(16 - (plain.length % 16))])),
    cipher.final(),
  ]);
};
const inMode = (mode: string, iv: Buffer, { isSent = true, key = aesKey } = {}): Buffer => {
  const cipher = createCipheriv(`aes-${key.length * 8}-${mode}`, key, iv);
  return Buffer.concat([isSent ? iv : Buffer.alloc(0), cipher.update(plain), cipher.final()]);
};
const longIv = Buffer.alloc(16, 7);
const longIvGcm = (): Buffer => {
  const cipher = createCipheriv('aes-256-gcm', aesKey, longIv);
  return Buffer.concat([longIv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};
const hashOf = (name: string, key: Buffer): Buffer => createHash(name).update(key).digest();
const sealedBy = (key: Buffer): Buffer => text(encryptBody(plain, key, 'ecb'));
const text = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('base64'));

export const sealingSamples: readonly (readonly [
  causes: readonly string[],
  what: string,
  sealing: Sealing,
])[] = [
  [[], 'nothing wrong', {}],
  [
    [],
    'a body wrapped at 76 columns',
    { body: Buffer.from(ecb.toString('base64').replace(/.{76}/g, '$&\n')) },
  ],
  [['ENC_HEADER_NAME'], 'another header name', { headerName: 'Encryption' }],
  [['ENC_KEY_MISSING'], 'no key', { header: 'algorithm=RSA_AES,keyVersion=1' }],
  [
    ['ENC_ALGORITHM'],
    'another algorithm',
    { header: `algorithm=AES,symmetricKey=${encoded(wrapKey(aesKey, platform, 'pkcs1'))}` },
  ],
  [['ENC_KEY_NOT_URL_ENCODED'], 'bare base64', { write: (wrapped) => wrapped.toString('base64') }],
  [['ENC_KEY_ENCODING'], 'hex', { write: (wrapped) => wrapped.toString('hex') }],
  [
    ['ENC_KEY_ENCODING'],
    'encoded twice',
    { write: (wrapped) => encodeURIComponent(encoded(wrapped)) },
  ],
  [['ENC_KEY_ENCODING'], 'URL-safe base64', { write: (wrapped) => wrapped.toString('base64url') }],
  [
    ['ENC_SAMPLE_KEY'],
    'the documents sample',
    { header: 'algorithm=RSA_AES,keyVersion=1,symmetricKey=bqS8HSmdaRrpKSuPy7CqUlyd8lJurG93' },
  ],
  [
    ['ENC_SAMPLE_KEY', 'ENC_BODY_NOT_ENCRYPTED'],
    'the sample of the membership page over a plain body',
    {
      header: 'algorithm=RSA, keyVersion=1, symmetricKey=bqS8HSmdaRrpKSuPy7CqUlyd8lJurG93',
      body: plain,
    },
  ],
  [['ENC_HEADER_LIST'], 'a misspelt key', { listKey: 'symmetrickey' }],
  [['ENC_HEADER_LIST'], 'another separator', { separator: ';' }],
  [
    [],
    'keyVersion 0: the newest',
    { version: 0, keys: [receiver('merchant-v2', 1), receiver('platform-v1', 2)] },
  ],
  [
    ['ENC_KEY_MISSING', 'ENC_BODY_NOT_ENCRYPTED'],
    'a plain body and no key',
    { header: 'algorithm=RSA_AES', body: plain },
  ],
  [
    ['ENC_BODY_IN_JSON'],
    'the ciphertext as a member',
    { body: Buffer.from(JSON.stringify({ data: ecb.toString('base64') })) },
  ],
  [
    ['ENC_BODY_IN_JSON'],
    'the ciphertext deeper in JSON, beside other members',
    {
      body: Buffer.from(
        JSON.stringify(
          { requestId: 'r1', body: { encryptedData: ecb.toString('base64') } },
          null,
          2,
        ),
      ),
    },
  ],
  ...[
    ['ENC_MODE_GCM', 'GCM', encryptBody(plain, aesKey, 'gcm')] as const,
    ...['ctr', 'cfb', 'cfb8', 'ofb'].map(
      (mode) => ['ENC_MODE_OTHER', mode, inMode(mode, Buffer.alloc(16, 9))] as const,
    ),
  ].map(
    ([cause, mode, sealed]) =>
      [
        ['ENC_BODY_IN_JSON', cause],
        `a ciphertext of ${mode} as a member, not of whole blocks`,
        { body: Buffer.from(JSON.stringify({ data: sealed.toString('base64') })) },
      ] as const,
  ),
  [
    ['ENC_BODY_IN_JSON', 'ENC_BODY_ENCODING'],
    'the ciphertext as a member, in hex',
    { body: Buffer.from(JSON.stringify({ data: ecb.toString('hex') })) },
  ],
  [
    ['ENC_BODY_IN_JSON', 'ENC_BODY_ENCODING'],
    'the ciphertext as a member, URL-encoded',
    { body: Buffer.from(JSON.stringify({ data: encoded(ecb) })) },
  ],
  [
    ['ENC_BODY_IN_JSON', 'ENC_KEY_NOT_WRAPPED'],
    'the ciphertext as a member, and the bare key',
    {
      header: `symmetricKey=${encoded(aesKey)}`,
      body: Buffer.from(JSON.stringify({ data: ecb.toString('base64') })),
    },
  ],
  [
    ['ENC_BODY_IN_JSON', 'ENC_KEY_HASHED'],
    'the ciphertext as a member, and a hash of the key',
    { body: Buffer.from(JSON.stringify({ data: sealedBy(hashOf('sha256', aesKey)).toString() })) },
  ],
  [
    ['ENC_BODY_IN_JSON', 'ENC_BODY_TRUNCATED'],
    'the ciphertext as a member, without its last block',
    { body: Buffer.from(JSON.stringify({ data: ecb.subarray(0, -16).toString('base64') })) },
  ],
  [
    ['ENC_BODY_NOT_ENCRYPTED'],
    'a plain body that is mostly an id',
    { body: Buffer.from('{"requestId":"3f2b8c1e-9a47-4d10-8e55-0c6f1b2a7d93"}') },
  ],
  [
    ['ENC_BODY_NOT_ENCRYPTED'],
    'a plain body that is mostly a sentence',
    {
      body: Buffer.from(
        '{"text":"Two tickets for the late ferry to Lamma on the first of May are ready for you"}',
      ),
    },
  ],
  [
    ['ENC_BODY_ENCODING'],
    'every plus as a space',
    { body: Buffer.from(ecb.toString('base64').replaceAll('+', ' ')) },
  ],
  [
    ['ENC_KEY_NOT_WRAPPED'],
    'the bare key in base64',
    { header: `symmetricKey=${encoded(aesKey)}` },
  ],
  [
    ['ENC_WRAPPED_FOR_WRONG_KEY'],
    'the own key',
    { wrapFor: createPublicKey(privateKey('merchant-v1')) },
  ],
  [
    ['ENC_KEY_VERSION'],
    'another version',
    { version: 2, keys: [receiver('merchant-v2', 2), receiver('platform-v1', 1)] },
  ],
  [['ENC_WRAP_OAEP'], 'OAEP', { wrap: 'oaep-sha256-mgf1-sha1' }],
  [['ENC_WRAP_PKCS1'], 'PKCS#1 for an OAEP receiver', { expected: { wrap: 'oaep-sha256' } }],
  [['ENC_KEY_AS_TEXT'], 'base64 text of the key', { wrapped: text(aesKey) }],
  [['ENC_KEY_AS_TEXT'], 'hex text of the key', { wrapped: Buffer.from(aesKey.toString('hex')) }],
  [['ENC_KEY_LENGTH'], 'a key of 20 bytes', { wrapped: aesKey.subarray(0, 20) }],
  [['ENC_MODE_CBC'], 'CBC with its IV', { cipher: 'cbc' }],
  [['ENC_MODE_CBC'], 'CBC with zeros', { cipher: 'cbc-zero-iv' }],
  [['ENC_MODE_CBC'], 'CBC with the key as IV', { body: text(cbcWithKeyAsIv()) }],
  [['ENC_MODE_GCM'], 'GCM', { cipher: 'gcm' }],
  [['ENC_MODE_ECB'], 'ECB for a CBC receiver', { expected: { cipher: 'cbc' } }],
  [['ENC_MODE_GCM'], 'GCM with an IV of 16 bytes', { body: text(longIvGcm()) }],
  ...['ctr', 'cfb', 'cfb8', 'ofb'].map(
    (mode) =>
      [
        ['ENC_MODE_OTHER'],
        `${mode} with its IV`,
        { body: text(inMode(mode, Buffer.alloc(16, 9))) },
      ] as const,
  ),
  [
    ['ENC_MODE_OTHER'],
    'CTR with zeros',
    { body: text(inMode('ctr', Buffer.alloc(16), { isSent: false })) },
  ],
  [
    ['ENC_MODE_OTHER'],
    'CFB with the key as IV',
    { body: text(inMode('cfb', aesKey.subarray(0, 16), { isSent: false })) },
  ],
  [
    ['ENC_MODE_OTHER'],
    'CTR with a nonce of 12 bytes',
    {
      body: text(
        Buffer.concat([
          Buffer.alloc(12, 9),
          inMode('ctr', Buffer.concat([Buffer.alloc(12, 9), Buffer.alloc(4)]), { isSent: false }),
        ]),
      ),
    },
  ],
  [
    ['ENC_MODE_OTHER', 'ENC_BODY_ENCODING'],
    'CTR of padded text, as hex',
    {
      body: Buffer.from(
        Buffer.concat([
          longIv,
          createCipheriv('aes-256-ctr', aesKey, longIv).update(
            Buffer.concat([plain, Buffer.alloc(5, 5)]),
          ),
        ]).toString('hex'),
      ),
    },
  ],
  [['ENC_KEY_HASHED'], 'SHA-256 of the key', { body: sealedBy(hashOf('sha256', aesKey)) }],
  [['ENC_KEY_HASHED'], 'MD5 of the key', { body: sealedBy(hashOf('md5', aesKey)) }],
  [
    ['ENC_KEY_HASHED'],
    'SHA-256 of a password',
    {
      wrapped: Buffer.from('a password'),
      body: sealedBy(hashOf('sha256', Buffer.from('a password'))),
    },
  ],
  [
    ['ENC_KEY_HASHED'],
    'MD5 of a password, in hex, as PHP prints it',
    {
      wrapped: Buffer.from('a password'),
      body: sealedBy(Buffer.from(hashOf('md5', Buffer.from('a password')).toString('hex'))),
    },
  ],
  [
    ['ENC_KEY_HASHED'],
    'SHA-1, cut, of a key that was sent as text',
    { wrapped: text(aesKey), body: sealedBy(hashOf('sha1', aesKey).subarray(0, 16)) },
  ],
  [
    ['ENC_KEY_HASHED', 'ENC_MODE_CBC'],
    'a hash of the key, and another mode',
    { body: text(encryptBody(plain, hashOf('sha256', aesKey), 'cbc')) },
  ],
  [['ENC_PADDING'], 'zero padding', { body: text(zeroPadded()) }],
  [['ENC_BODY_NOT_ENCRYPTED'], 'a plain body', { body: plain }],
  [['ENC_BODY_ENCODING'], 'a hex body', { body: Buffer.from(ecb.toString('hex')) }],
  [['ENC_BODY_ENCODING'], 'a raw body', { body: ecb }],
  [['ENC_BODY_ENCODING'], 'base64 twice', { body: text(text(ecb)) }],
  [['ENC_BODY_TRUNCATED'], 'an empty body', { body: Buffer.alloc(0) }],
  [['ENC_BODY_TRUNCATED'], 'without its last block', { body: text(ecb.subarray(0, -16)) }],
  [['ENC_BODY_TRUNCATED'], 'cut in a block', { body: text(ecb.subarray(0, -5)) }],
  [['ENC_BODY_ENCODING'], 'a URL-encoded body', { body: Buffer.from(encoded(ecb)) }],
  [
    ['ENC_KEY_NOT_URL_ENCODED', 'ENC_MODE_CBC'],
    'two mistakes',
    { cipher: 'cbc', write: (wrapped) => wrapped.toString('base64') },
  ],
];
