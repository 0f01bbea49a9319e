import { sign } from 'node:crypto';
import type { MistakeId } from '../../server/doctor/catalogue/mistakes.ts';
import { candidateKeys, type SignatureCase } from '../../server/doctor/diagnosis.ts';
import {
  algorithmParamsFor,
  type SignatureAlgorithm,
  signContent,
  signingContent,
  writeSignatureHeader,
} from '../../server/protocol/signatures.ts';
import { demoClient, demoMerchant } from '../demo-merchant.ts';

export interface DoctorCase {
  readonly title: string;
  readonly algorithm: SignatureAlgorithm;
  readonly bodyBytes: number;
  /**
   * Within the limits that the command line gives the doctor, instead of to the end of the table.
   */
  readonly isBounded?: boolean;
  /** The cause that is named when there is time enough; undefined: none can be. */
  readonly finds: MistakeId | undefined;
  /** What was signed instead; nothing known for a miss. */
  readonly signed?: (right: Omit<SignatureCase, 'signatureHeader' | 'keys'>) => Buffer;
}

/** A miss runs through the whole table, a hit ends at the mistake's entry. */
export const doctorCases: readonly DoctorCase[] = [
  {
    title: 'RSA256, no known mistake, 500 bytes',
    algorithm: 'RSA256',
    bodyBytes: 500,
    finds: 'BODY_CHANGED',
  },
  {
    title: 'RSA256, no known mistake, 200 kB',
    algorithm: 'RSA256',
    bodyBytes: 200_000,
    finds: 'BODY_CHANGED',
  },
  {
    title: 'RSA256, no known mistake, 200 kB, within the default limits',
    algorithm: 'RSA256',
    bodyBytes: 200_000,
    isBounded: true,
    finds: 'BODY_CHANGED',
  },
  {
    title: 'ECC224, no known mistake, 500 bytes',
    algorithm: 'ECC224',
    bodyBytes: 500,
    finds: undefined,
  },
  {
    title: 'RSA256, a line feed after the body, 500 bytes',
    algorithm: 'RSA256',
    bodyBytes: 500,
    finds: 'BODY_NEWLINE_SIGNED',
    signed: (right) => Buffer.concat([signingContent(right), Buffer.from('\n')]),
  },
  {
    title: 'RSA256, body formatted again before sending, 500 bytes',
    algorithm: 'RSA256',
    bodyBytes: 500,
    finds: 'BODY_REFORMATTED',
    signed: (right) =>
      signingContent({
        ...right,
        body: Buffer.from(JSON.stringify(JSON.parse(right.body.toString('utf8')), null, 2)),
      }),
  },
  {
    title: 'RSA256, the full URL signed, 500 bytes',
    algorithm: 'RSA256',
    bodyBytes: 500,
    finds: 'URI_FULL_URL',
    signed: (right) =>
      signingContent({ ...right, target: `https://127.0.0.1:8852${right.target}` }),
  },
];

/** The case as the gateway would hand it to the doctor. */
export const buildCase = ({ algorithm, bodyBytes, signed }: DoctorCase): SignatureCase => {
  const { keyring, platform } = demoMerchant();
  const recipe = algorithmParamsFor(algorithm, 'sha256');
  const key = keyring.find(recipe.family);
  if (key?.privateKey === undefined) throw new Error(`the demo merchant has no ${algorithm} key`);
  const right = {
    signer: 'client',
    target: '/api/open/alipay/v1/merchant/order/sync',
    hosts: ['127.0.0.1:8852', 'open.alipay.hk'],
    method: 'POST',
    clientId: demoClient,
    time: '2024-05-22T06:42:21+08:00',
    body: buildBody(bodyBytes),
    ecc224: 'sha256',
  } as const;
  const signature =
    signed === undefined
      ? sign('sha256', Buffer.from('something else entirely'), key.privateKey)
      : signContent(signed(right), key.privateKey, recipe);
  return {
    ...right,
    signatureHeader: writeSignatureHeader(algorithm, key.version, signature),
    keys: [...candidateKeys(keyring, 'client'), ...candidateKeys(platform, 'platform')],
  };
};

const buildBody = (bytes: number): Buffer => {
  const order = {
    requestId: '9f0c1a526b2e4c3d8a7e000000000002',
    shopName: '香港茶餐廳',
    url: 'https://m.example/a/b?x=1&y=2',
    amount: 12345,
    note: null,
  };
  const items = Array.from({ length: Math.floor(bytes / 100) }, (_, index) => ({
    sku: `SKU-${index}`,
    name: '菠蘿包',
    price: index,
    note: null,
  }));
  const filler = 'x'.repeat(
    Math.max(0, bytes - Buffer.byteLength(JSON.stringify({ ...order, items, filler: '' }))),
  );
  return Buffer.from(JSON.stringify({ ...order, items, filler }));
};
