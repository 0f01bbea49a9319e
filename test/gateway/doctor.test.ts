import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTarpit } from '../../server/gateway/tarpit.ts';
import type { MockServer } from '../../server/mock-server.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';
import { diagnosisVectors, encryptionVectors, signingVectors, type Vector, vectorKeyFolder } from '../vectors.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer({ keys: vectorKeyFolder() });
});
afterAll(() => server.close());

const send = async (at: MockServer, vector: Vector) => {
  const body = vector.bodyBase64 === undefined ? Buffer.from(vector.bodyText ?? '') : Buffer.from(vector.bodyBase64, 'base64');
  const answer = await rawCall(at.url, { method: vector.method, target: vector.requestTarget, headers: vector.headers, body });
  return { answer, entry: at.journal.entries.at(-1) };
};

/** The doctor works a bounded part of every second; a test that asks for thirty diagnoses gives it time. */
const diagnosed = async (vector: Vector) => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const sent = await send(server, vector);
    // Under load a search may be stopped by its time bound before it is through; that is told, and asked again.
    if (sent.entry?.diagnosis?.exhausted === true) return sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return send(server, vector);
};

test.each(diagnosisVectors)('$id: the refusal names $code in header and journal', async (vector) => {
  const { answer, entry } = await diagnosed(vector);
  expect(entry?.diagnosis?.cause?.id).toBe(vector.code);
  expect(answer.headers['x-mock-finding']).toMatch(new RegExp(`^${vector.code}: [\\x20-\\x7e]+$`));
  expect(answer.headers['x-mock-request-id']).toBe(entry?.id);
  expect(answer.json['result']?.['resultMessage']).not.toContain(vector.code);
});

test.each(encryptionVectors.filter(({ rank }) => rank === 9))('$id: the refusal names $code', async (vector) => {
  const { entry } = await diagnosed(vector);
  expect(entry?.diagnosis?.cause?.id).toBe(vector.code === 'ENC_WRAPPED_FOR_WRONG_KEY' ? undefined : vector.code);
});

test.each(signingVectors.filter(({ direction }) => direction === 'request'))('$id: a good signature gets no diagnosis', async (vector) => {
  expect((await send(server, vector)).entry?.diagnosis).toBeUndefined();
});

test('wirePure leaves every x-mock-* header out', async () => {
  const pure = await startServer({ wirePure: true });
  const [vector] = diagnosisVectors;
  if (vector === undefined) throw new Error('no vector');
  const { answer } = await send(pure, vector);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-mock'))).toEqual([]);
  await pure.close();
});

test('a flood of bad signatures gets a bounded part of the doctor’s time', async () => {
  const flooded = await startServer({ keys: vectorKeyFolder() });
  const hard = diagnosisVectors.find(({ code }) => code === 'BODY_CHANGED');
  if (hard === undefined) throw new Error('no vector');
  const began = performance.now();
  for (let n = 0; n < 70; n++) await send(flooded, hard);
  const seconds = (performance.now() - began) / 1000;
  const spent = flooded.journal.entries.reduce((sum, { diagnosis }) => sum + (diagnosis?.spent.ms ?? 0), 0);
  expect(spent).toBeLessThan(50 * (seconds + 1) + 60);
  await flooded.close();
});

test('bad signatures in masses have to wait for their refusals; the first fifty in a second, and good requests, do not', () => {
  let now = 0;
  const tarpit = createTarpit(() => now);
  expect(Array.from({ length: 60 }, tarpit)).toEqual([...Array(50).fill(0), ...Array(10).fill(200)]);
  now = 1000;
  expect(tarpit()).toBe(0);
});
