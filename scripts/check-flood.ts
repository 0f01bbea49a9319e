/**
 * Attacks the bundled server from this machine and checks what it costs: `npm run check:flood`.
 * Needs dist/ (npm run build). Memory is read from /proc, so that is checked on Linux alone.
 */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { signRequest } from '../sdk/client/signed-call.ts';
import { head, orderPath } from '../test/abuse/raw-attack.ts';
import { rawCall } from '../test/raw-call.ts';
import { type Running, runBundle } from '../test/run-bundle.ts';
import { demoMerchant } from '../test/start-server.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';

useOwnTemporaryFolder();

const floodSize = 5000;
const connections = 50;
/** What an attack may add to the resident memory of the process at its peak. */
const maxGrowthMiB = 150;

const check = (isAsExpected: boolean, what: string): void => {
  console.log(`${isAsExpected ? 'ok' : 'FAILED'}: ${what}`);
  if (!isAsExpected) process.exitCode = 1;
};

/** VmRSS: now; VmHWM: at its peak. Undefined where there is no /proc. */
const memoryMiB = ({ child }: Running, field: 'VmRSS' | 'VmHWM'): number | undefined => {
  const file = `/proc/${child.pid}/status`;
  if (!existsSync(file)) return undefined;
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
};

const checkMemory = (server: Running, beforeMiB: number | undefined, attack: string): void => {
  const peakMiB = memoryMiB(server, 'VmHWM');
  if (beforeMiB === undefined || peakMiB === undefined) return;
  const growth = peakMiB - beforeMiB;
  check(
    growth <= maxGrowthMiB,
    `${attack}: memory grew by ${growth.toFixed(0)} MiB to ${peakMiB.toFixed(0)} MiB; ${maxGrowthMiB} MiB are allowed`,
  );
};

const withServer = async (
  attack: (server: Running, url: string) => Promise<void>,
): Promise<void> => {
  const server = runBundle(['--port', '0']);
  try {
    await attack(server, await server.url);
  } finally {
    server.child.kill('SIGTERM');
    await server.finished;
  }
};

/** The figures of the metrics; those of several findings added up. */
const metrics = async (url: string) => {
  const text = await (await fetch(`${url}/__admin/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^alipayhk_mock_${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return {
    pending: sum('diagnoses_pending'),
    evicted: sum('undiagnosed'),
    diagnosed: sum('doctor_findings_total'),
  };
};

const floodWithBadSignatures = async (server: Running, url: string): Promise<void> => {
  const body = JSON.stringify({ requestId: 'flood', note: '香港 '.repeat(100) });
  const { target, headers } = signRequest(demoMerchant(), orderPath, Buffer.from(body));
  const beforeMiB = memoryMiB(server, 'VmRSS');
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  let refused = 0;
  let saidPending = 0;
  let mostPending = 0;
  const sendSome = async (): Promise<void> => {
    while (sent++ < floodSize) {
      const tampered = body.replace('flood', `flood-${sent}`);
      const answer = await rawCall(url, { target, headers, body: tampered, agent });
      if (answer.json['result']?.['resultCode'] === 'INVALID_SIGNATURE') refused++;
      const pending = /^PENDING: .*\((\d+) pending\)/.exec(answer.headers['x-mock-finding'] ?? '');
      if (pending === null) continue;
      saidPending++;
      mostPending = Math.max(mostPending, Number(pending[1]));
    }
  };
  await Promise.all(Array.from({ length: connections }, sendSome));
  agent.destroy();
  const atEnd = await metrics(url);
  check(refused === floodSize, `flood: ${refused} of ${floodSize} bad signatures were refused`);
  check(
    saidPending > 0 && mostPending > 0,
    `flood: ${saidPending} answers said that their diagnosis is pending, ` +
      `up to ${mostPending} at once; ${atEnd.pending} at the end by the metrics`,
  );
  const deadline = performance.now() + 120_000;
  let now = atEnd;
  while (now.pending > 0 && performance.now() < deadline) {
    await wait(500);
    now = await metrics(url);
  }
  check(
    now.pending === 0 && now.diagnosed + now.evicted === floodSize,
    `flood: afterwards ${now.diagnosed} are diagnosed, ${now.evicted} left the journal before ` +
      `and are counted, ${now.pending} are pending`,
  );
  checkMemory(server, beforeMiB, 'flood');
};

const dripConnections = 4;
/** Below limits.bodyBytes, which is 1 MiB. */
const dripBytes = 1_000_000;

/** Bodies that arrive in chunks of one byte, and never end: what is retained must not be chunks. */
const drip = async (server: Running, url: string): Promise<void> => {
  const beforeMiB = memoryMiB(server, 'VmRSS');
  const some = Buffer.from('1\r\nx\r\n'.repeat(1000));
  const sockets = await Promise.all(
    Array.from({ length: dripConnections }, async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(head(['Transfer-Encoding: chunked']));
      for (let bytes = 0; bytes < dripBytes && !socket.destroyed; bytes += 1000)
        if (!socket.write(some)) await once(socket, 'drain');
      return socket;
    }),
  );
  await wait(500);
  check(
    sockets.every((socket) => !socket.destroyed),
    `drip: ${dripConnections} bodies of ${dripBytes} one-byte chunks were taken`,
  );
  checkMemory(server, beforeMiB, 'drip');
  for (const socket of sockets) socket.destroy();
};

await withServer(floodWithBadSignatures);
await withServer(drip);
