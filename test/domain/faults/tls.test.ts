import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import * as forge from 'node-forge';
import { expect, onTestFinished, test } from 'vitest';
import { immediately, type RawResponse } from '../../../server/domain/faults/fault.ts';
import { writeRawResponse } from '../../../server/gateway/reply/deliver.ts';

const selfSigned = (): { key: string; cert: string } => {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 1000);
  certificate.validity.notAfter = new Date(Date.now() + 60_000);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return {
    key: forge.pki.privateKeyToPem(keys.privateKey),
    cert: forge.pki.certificateToPem(certificate),
  };
};

const plan = (ending: RawResponse['close'], bytes = ''): RawResponse => ({
  chunks: immediately(...(bytes === '' ? [] : [Buffer.from(bytes)])),
  holdMs: 0,
  close: ending,
});

test.each([
  ['reset', plan('reset'), 'ECONNRESET', ''],
  ['close', plan('close'), 'end', ''],
  ['bytes, then close', plan('close', 'HTTP/1.1 2'), 'end', 'HTTP/1.1 2'],
])('over TLS: %s', async (_what, chosen, ending, bytes) => {
  const server = createServer(
    selfSigned(),
    (req) => void writeRawResponse(req.socket, chosen, () => 0),
  );
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const seen = await new Promise<[string, string]>((resolve) => {
    let text = '';
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      rejectUnauthorized: false,
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve([error.code ?? '', text]));
    socket.on('end', () => resolve(['end', text]));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  });
  expect(seen).toEqual([ending, bytes]);
  const connections = () =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  await expect.poll(connections).toBe(0);
  // Node keeps a list of connections; one that vanished the wrong way would make this throw.
  server.closeIdleConnections();
});
