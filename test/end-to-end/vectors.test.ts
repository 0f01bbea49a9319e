import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';
import {
  diagnosisVectors,
  eccVectors,
  encryptionVectors,
  schemeOf,
  signingVectors,
  type Vector,
  vectorKeyFolder,
} from '../vectors.ts';

const keys = vectorKeyFolder();
let server: MockServer;
beforeAll(async () => {
  server = await startServer({ keys });
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
  const entry = at.journal.entries.at(-1);
  return {
    answer,
    result: answer.json['result'] ?? {},
    entry,
    passed: entry?.steps.filter(({ refused }) => !refused).map(({ name }) => name) ?? [],
  };
};

describe('the gateway against messages made with openssl', () => {
  test.each(signingVectors.filter(({ direction }) => direction === 'request'))(
    '$id is authenticated: $note',
    async (vector) => {
      const { answer, passed } = await send(server, vector);
      expect(passed).toContain('verify-signature');
      expect(answer.headers['signature']).toMatch(
        /^algorithm=RSA256,keyVersion=1,signature=[\w%.-]+$/,
      );
    },
  );

  test.each(diagnosisVectors)(
    '$id is refused with $suggestedGatewayCode, unsigned: $note',
    async (vector) => {
      const { answer, result, entry } = await send(server, vector);
      expect(result).toMatchObject({ resultCode: vector.suggestedGatewayCode, resultStatus: 'F' });
      expect(entry?.verdict.step).toBe(
        vector.suggestedGatewayCode === 'PARAM_ILLEGAL' ? 'read-headers' : 'verify-signature',
      );
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.headers)).not.toContain('signature');
      expect(Object.keys(answer.headers)).not.toContain('response-time');
    },
  );

  test.each(eccVectors.slice(0, 3))(
    '$id is authenticated under the setting that reads it so',
    async (vector) => {
      const at = await startServer({ keys, ecc224: vector.form === 'DER' ? vector.hash : 'p1363' });
      const { answer, passed } = await send(at, vector);
      expect(passed).toContain('verify-signature');
      expect(answer.headers['signature']).toMatch(/^algorithm=ECC224,keyVersion=1,/);
      await at.close();
    },
  );

  test.each(
    encryptionVectors.filter(({ rank, direction }) => rank <= 3 && direction === 'request'),
  )('$id is opened, and its answer sealed: $note', async (vector) => {
    const scheme = schemeOf(vector);
    const at = await startServer({
      keys,
      'encryption.mode': scheme.cipher,
      'encryption.wrap': scheme.wrap,
      'encryption.keyForm': scheme.keyForm,
    });
    const { answer, entry, passed } = await send(at, vector);
    expect(passed).toContain('decrypt-body');
    expect(entry?.sealed).toBe(true);
    expect(answer.headers['encrypt']).toMatch(/^algorithm=RSA_AES,keyVersion=2,symmetricKey=/);
    expect(answer.headers['content-type']).toBe('text/plain; charset=UTF-8');
    await at.close();
  });

  test.each(encryptionVectors.filter(({ rank }) => rank === 9))(
    '$id is refused: $note',
    async (vector) => {
      const { result, entry } = await send(server, vector);
      expect(['PARAM_ILLEGAL', 'INVALID_SIGNATURE', 'MEDIA_TYPE_NOT_ACCEPTABLE']).toContain(
        result['resultCode'],
      );
      const step = {
        E90: 'verify-signature',
        E91: 'decrypt-body',
        E92: 'decrypt-body',
        E93: 'decrypt-body',
        E94: 'receive',
      }[vector.id];
      expect(entry?.verdict.step).toBe(step);
    },
  );
});
