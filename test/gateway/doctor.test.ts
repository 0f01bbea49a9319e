import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';
import {
  diagnosisVectors,
  encryptionVectors,
  signingVectors,
  type Vector,
  vectorKeyFolder,
} from '../vectors.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer({ keys: vectorKeyFolder() });
});
afterAll(() => server.close());

const send = async (at: MockServer, vector: Vector) => {
  const body =
    vector.bodyBase64 === undefined
      ? Buffer.from(vector.bodyText ?? '')
      : Buffer.from(vector.bodyBase64, 'base64');
  const answer = await rawCall(at.url, {
    method: vector.method,
    target: vector.requestTarget,
    headers: vector.headers,
    body,
  });
  return { answer, entry: at.journal.entries.at(-1) };
};

/** A lone caller's requests are diagnosed at once. */
const diagnosed = (vector: Vector) => send(server, vector);

test.each(diagnosisVectors)(
  '$id: the refusal names $code in header and journal',
  async (vector) => {
    const { answer, entry } = await diagnosed(vector);
    expect(entry?.diagnosis?.cause?.id).toBe(vector.code);
    expect(answer.headers['x-mock-finding']).toMatch(
      new RegExp(`^${vector.code}: [\\x20-\\x7e]+$`),
    );
    expect(answer.headers['x-mock-request-id']).toBe(entry?.id);
    expect(answer.json['result']?.['resultMessage']).not.toContain(vector.code);
  },
);

test.each(encryptionVectors.filter(({ rank }) => rank === 9))(
  '$id: the refusal names $code',
  async (vector) => {
    const { entry } = await diagnosed(vector);
    expect(entry?.diagnosis?.cause?.id).toBe(
      vector.code === 'ENC_WRAPPED_FOR_WRONG_KEY' ? undefined : vector.code,
    );
  },
);

test.each(signingVectors.filter(({ direction }) => direction === 'request'))(
  '$id: a good signature gets no diagnosis',
  async (vector) => {
    expect((await send(server, vector)).entry?.diagnosis).toBeUndefined();
  },
);

test('wirePure leaves every x-mock-* header out', async () => {
  const pure = await startServer({ wirePure: true });
  const [vector] = diagnosisVectors;
  if (vector === undefined) throw new Error('no vector');
  const { answer } = await send(pure, vector);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-mock'))).toEqual([]);
  await pure.close();
});

test('a refusal whose cause cannot be proved says so', async () => {
  const foreign =
    encryptionVectors.find(({ code }) => code === 'ENC_WRAPPED_FOR_WRONG_KEY') ??
    expect.fail('no vector');
  const { answer, entry } = await send(server, foreign);
  expect(entry?.diagnosis).toMatchObject({ verdict: 'unexplained' });
  expect(answer.headers['x-mock-finding']).toBe(
    `UNEXPLAINED: no cause is proved; what is certain: alipayhk-mock journal show ${entry?.id}, or GET /__admin/journal/${entry?.id}`,
  );
});
