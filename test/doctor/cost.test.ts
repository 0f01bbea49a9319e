import { sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { diagnoseSignature } from '../../server/doctor/diagnose-signature.ts';
import { defaultLimits, type SignatureCase } from '../../server/doctor/diagnosis.ts';
import { patient, privateKey, registered } from './samples.ts';

const body = (size: number): Buffer => {
  const order = {
    requestId: '9f0c1a526b2e4c3d8a7e000000000002',
    shopName: '香港茶餐廳',
    url: 'https://m.example/a/b?x=1&y=2',
    amount: 12345,
    note: null,
    filler: '',
  };
  const filler = 'x'.repeat(Math.max(0, size - Buffer.byteLength(JSON.stringify(order))));
  return Buffer.from(JSON.stringify({ ...order, filler }));
};

const unrelated = Buffer.from('something else entirely');
const values = {
  RSA256: sign('sha256', unrelated, privateKey('merchant-v1')),
  ECC224: sign('sha256', unrelated, privateKey('merchant-ec224')),
};

const miss = (algorithm: keyof typeof values, size: number): SignatureCase => ({
  signer: 'client',
  target: '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync?trace=1',
  hosts: ['127.0.0.1:4010'],
  method: 'POST',
  clientId: '4Q5Y8W0WSG45P907917',
  time: '2024-05-22T06:42:21+08:00',
  signatureHeader: `algorithm=${algorithm},keyVersion=1,signature=${encodeURIComponent(values[algorithm].toString('base64'))}`,
  body: body(size),
  keys: registered,
  ecc224: 'sha256',
});

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

// The figures are printed, not asserted: they depend on the machine.
test.each([
  ['RSA256', 500, 40],
  ['RSA256', 5_000, 20],
  ['RSA256', 200_000, 1],
  ['ECC224', 500, 10],
] as const)('cost of a full miss: %s, %i bytes', (algorithm, size, rounds) => {
  const c = miss(algorithm, size);
  const runs = Array.from({ length: rounds }, () =>
    diagnoseSignature(c, size > 100_000 ? patient : defaultLimits, () => performance.now()),
  );
  const [first] = runs;
  console.log(
    `full miss, ${algorithm}, ${size} bytes: median ${median(runs.map(({ spent }) => spent.ms)).toFixed(1)} ms, ${first?.spent.hypotheses} hypotheses, exhausted: ${first?.exhausted}`,
  );
  expect(first?.verdict).toBe(algorithm === 'RSA256' ? 'mistake' : 'unexplained');
});
