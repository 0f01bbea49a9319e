import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../server/package-root.ts';
import { formatProblem, StartupError } from '../../../server/problems/problem.ts';
import { issueCertificate } from '../../../server/protocol/tls/certificates.ts';
import { startServer } from '../../start-server.ts';
import { getWithTls } from './call-with-tls.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tls-'));
const errorCode = (error: unknown): string =>
  String(error instanceof Error && 'code' in error ? error.code : error);
const problemsOf = (starting: Promise<unknown>): Promise<string> =>
  starting.then(
    () => 'it started',
    (error: unknown) =>
      error instanceof StartupError ? error.problems.map(formatProblem).join('\n') : String(error),
  );

/** What a server shows before anything is checked. */
const shownCertificate = (url: string): Promise<X509Certificate> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url);
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw));
      socket.end();
    }).on('error', reject);
  });

/** A certificate that vouches for itself, as its files. */
const ownCertificate = async (folder: string, name: string, now = Date.now()) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = await issueCertificate({
    commonName: name,
    names: ['127.0.0.1'],
    publicKey,
    isAuthority: false,
    days: 30,
    now,
    issuer: { privateKey },
  });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  return { cert, key, files };
};

describe('an authority and a certificate of its own', () => {
  test('whoever trusts the authority is served by every name; whoever does not, is not', async () => {
    const server = await startServer({ httpsPort: 0, 'tls.names': ['alipayhk.test', '10.1.2.3'] });
    const { httpsUrl = '' } = server;
    expect(httpsUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ca = await (await fetch(`${server.url}/__admin/tls-ca`)).text();
    expect(ca).toBe(server.tlsAuthority?.certificate);
    for (const servername of ['localhost', 'alipayhk.test', hostname()])
      expect(await getWithTls(httpsUrl, '/__admin/health', { ca, servername })).toContain(
        '"ready"',
      );
    expect(await getWithTls(httpsUrl, '/__admin/tls-ca', { ca })).toBe(ca);
    expect(
      await getWithTls(httpsUrl, '/', { ca, servername: 'elsewhere.test' }).catch(errorCode),
    ).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await getWithTls(httpsUrl, '/').catch(errorCode)).toMatch(
      /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/,
    );
    await server.close();
    expect(await getWithTls(httpsUrl, '/', { ca }).catch(errorCode)).toBe('ECONNREFUSED');
  });

  test('what openssl says of the certificates: SHA-256, 397 days, server use, strict checks pass', async () => {
    const folder = newFolder();
    const server = await startServer({ httpsPort: 0, data: folder });
    const { httpsUrl = '' } = server;
    const caFile = join(folder, 'tls', 'ca.pem');
    expect(server.tlsAuthority?.file).toBe(caFile);
    const certificate = await shownCertificate(httpsUrl);
    const leafFile = join(folder, 'leaf.pem');
    writeFileSync(leafFile, certificate.toString());
    expect(
      execFileSync('openssl', [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        caFile,
        leafFile,
      ]).toString(),
    ).toContain('OK');
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(Math.round(days)).toBe(397);
    expect(certificate.subjectAltName).toMatch(
      /DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1/,
    );
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(
      execFileSync('openssl', ['x509', '-noout', '-text', '-in', leafFile]).toString(),
    ).toMatch(/Signature Algorithm: sha256WithRSAEncryption/);
    await server.close();
  });

  test('the authority is kept in the data folder, its key for its owner only; the next start uses it', async () => {
    const data = newFolder();
    const first = await startServer({ httpsPort: 0, data });
    await first.close();
    expect(readdirSync(join(data, 'tls')).sort()).toEqual(['ca.key.pem', 'ca.pem']);
    expect(statSync(join(data, 'tls', 'ca.key.pem')).mode & 0o777).toBe(0o600);
    const second = await startServer({ httpsPort: 0, data });
    expect(second.tlsAuthority).toEqual(first.tlsAuthority);
    expect(
      await getWithTls(second.httpsUrl ?? '', '/__admin/health', {
        ca: first.tlsAuthority?.certificate,
      }),
    ).toContain('"ready"');
    await second.close();
    writeFileSync(join(data, 'tls', 'ca.key.pem'), 'gone');
    expect(await problemsOf(startServer({ httpsPort: 0, data }))).toMatch(
      /tls: contains no certificate authority: .*\n.*a new authority is made/,
    );
  });

  test('two that start together on one folder have one authority', async () => {
    const keys = newFolder();
    cpSync(join(packageRoot, 'keys'), keys, { recursive: true });
    const [one, other] = await Promise.all([
      startServer({ httpsPort: 0, keys }),
      startServer({ httpsPort: 0, keys }),
    ]);
    expect(one.tlsAuthority?.certificate).toBe(other.tlsAuthority?.certificate);
    expect(readFileSync(join(keys, 'tls', 'ca.pem'), 'utf8')).toBe(one.tlsAuthority?.certificate);
    expect(readdirSync(keys).sort()).toEqual(['README.md', 'clients', 'platform', 'tls']);
    await Promise.all([one.close(), other.close()]);
  });

  test('without httpsPort there is none, and nothing is made', async () => {
    const data = newFolder();
    const server = await startServer({ data });
    expect([server.httpsUrl, server.tlsAuthority, readdirSync(data).includes('tls')]).toEqual([
      undefined,
      undefined,
      false,
    ]);
    expect((await fetch(`${server.url}/__admin/tls-ca`)).status).toBe(404);
    await server.close();
  });

  test('when the TLS port is taken the other one is given back', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    expect(await startServer({ httpsPort: port }).catch(errorCode)).toBe('EADDRINUSE');
    taken.close();
  });
});

describe('certificates given by file', () => {
  test('are used; an authority named beside them is handed out', async () => {
    const folder = newFolder();
    const { cert, files } = await ownCertificate(folder, 'own');
    const settings = { httpsPort: 0, 'tls.cert': files.cert, 'tls.key': files.key };
    const server = await startServer(settings);
    expect(server.tlsAuthority).toBeUndefined();
    expect(await getWithTls(server.httpsUrl ?? '', '/__admin/health', { ca: cert })).toContain(
      '"ready"',
    );
    await server.close();
    const withAuthority = await startServer({ ...settings, 'tls.ca': files.cert });
    expect(await (await fetch(`${withAuthority.url}/__admin/tls-ca`)).text()).toBe(cert);
    await withAuthority.close();
  });

  test('what is wrong with them is told all at once', async () => {
    const folder = newFolder();
    const one = await ownCertificate(folder, 'one');
    const other = await ownCertificate(folder, 'other');
    const old = await ownCertificate(folder, 'old', Date.now() - 100 * 86_400_000);
    const start = (settings: Record<string, string>) =>
      problemsOf(startServer({ httpsPort: 0, ...settings }));
    expect(await start({ 'tls.cert': one.files.cert })).toMatch(/^tls\.key: is missing\n/);
    expect(await start({ 'tls.cert': one.files.cert, 'tls.key': other.files.key })).toMatch(
      /other\.key: does not belong to the certificate of .*one\.crt/,
    );
    expect(await start({ 'tls.cert': old.files.cert, 'tls.key': old.files.key })).toMatch(
      /old\.crt: expired on /,
    );
    const wrong = await start({
      'tls.cert': one.files.key,
      'tls.key': one.files.cert,
      'tls.clientCa': '/nowhere.pem',
    });
    expect(wrong).toMatch(/nowhere\.pem: cannot be read: it does not exist/);
    expect(wrong).toMatch(/one\.key: holds no certificate\n/);
    expect(wrong).toMatch(/one\.crt: holds no private key that can be read/);
  });
});

describe('mutual TLS', () => {
  test('a client without a certificate, or with a stranger’s, is turned away in the handshake', async () => {
    const folder = newFolder();
    const shop = await ownCertificate(folder, 'SHOP');
    const stranger = await ownCertificate(folder, 'stranger');
    const server = await startServer({ httpsPort: 0, 'tls.clientCa': shop.files.cert });
    const ca = server.tlsAuthority?.certificate;
    const get = (options: { cert: string; key: string } | Record<never, never>) =>
      getWithTls(server.httpsUrl ?? '', '/__admin/health', { ca, ...options }).catch(errorCode);
    expect(await get({ cert: shop.cert, key: shop.key })).toContain('"ready"');
    expect(await get({})).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/);
    expect(await get({ cert: stranger.cert, key: stranger.key })).toMatch(
      /UNKNOWN_CA|ECONNRESET|CERTIFICATE/,
    );
    expect((await fetch(`${server.url}/__admin/health`)).status).toBe(200);
    await server.close();
  });
});
