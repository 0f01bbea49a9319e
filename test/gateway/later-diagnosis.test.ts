import { afterEach, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';
import { adminCaller } from '../admin/admin-caller.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';
import { type DiagnosisVector, diagnosisVectors, vectorKeyFolder } from '../vectors.ts';

let server: MockServer | undefined;
afterEach(() => server?.close());

const start = async (...options: Parameters<typeof startServer>): Promise<MockServer> => {
  server = await startServer({ keys: vectorKeyFolder(), ...options[0] }, options[1]);
  return server;
};

const vectorOf = (wanted: string): DiagnosisVector =>
  diagnosisVectors.find(({ code }) => code === wanted) ?? expect.fail(wanted);

const send = (
  { url }: MockServer,
  { method, requestTarget, headers, bodyBase64 }: DiagnosisVector,
) =>
  rawCall(url, { method, target: requestTarget, headers, body: Buffer.from(bodyBase64, 'base64') });

/** Bad signatures from many connections at once: more than a client's budget allows. */
const flood = (at: MockServer, count: number) => {
  const hard = vectorOf('BODY_CHANGED');
  return Promise.all(Array.from({ length: count }, () => send(at, hard)));
};

const isPending = ({ pendingDiagnosis }: JournalEntry): boolean => pendingDiagnosis !== undefined;

/** A simulator with pending diagnoses, of which the first is returned. */
const withPending = async (...options: Parameters<typeof startServer>) => {
  const at = await start(...options);
  for (let round = 0; round < 20; round++) {
    const answers = await flood(at, 60);
    const entry = at.journal.entries.find(isPending);
    if (entry !== undefined) return { at, entry, answers };
  }
  return expect.fail('every diagnosis was made at once');
};

test('60 bad signatures, one after the other, all have their finding in the header', async () => {
  const at = await start();
  const sent = [...diagnosisVectors, ...diagnosisVectors].slice(0, 60);
  const findings: (string | undefined)[] = [];
  for (const vector of sent)
    findings.push((await send(at, vector)).headers['x-mock-finding']?.split(':')[0]);
  expect(findings).toEqual(sent.map(({ code }) => code));
});

test('60 bad signatures at once all end with their finding, in the header or later in journal, log and event stream', async () => {
  const logged: string[] = [];
  const at = await start({}, { onDiagnosis: ({ id }) => logged.push(id) });
  const sent = [...diagnosisVectors, ...diagnosisVectors].slice(0, 60);
  const answers = await Promise.all(sent.map((vector) => send(at, vector)));
  const pending = answers.filter(({ headers }) =>
    headers['x-mock-finding']?.startsWith('PENDING: '),
  );
  await expect.poll(() => at.journal.pendingDiagnoses, { timeout: 20_000 }).toBe(0);
  for (const [index, { headers }] of answers.entries())
    expect(at.journal.find(headers['x-mock-request-id'] ?? '')?.diagnosis?.cause?.id).toBe(
      sent[index]?.code,
    );
  expect(logged.toSorted()).toEqual(
    pending.map(({ headers }) => headers['x-mock-request-id']).toSorted(),
  );
});

test('a header that goes out before its diagnosis says so, and how to read it; the entry is diagnosed when it is read', async () => {
  const { at, entry, answers } = await withPending();
  const header = answers.find(({ headers }) => headers['x-mock-request-id'] === entry.id)?.headers[
    'x-mock-finding'
  ];
  expect(header).toMatch(
    /^PENDING: the diagnosis is made later \(\d+ pending\), or when you read it: /,
  );
  expect(header).toContain(
    `alipayhk-mock journal show ${entry.id}, or GET /__admin/journal/${entry.id}`,
  );
  const admin = adminCaller(at);
  const read = await admin.call('journalEntry', { path: { id: entry.id } });
  expect(read.json).toMatchObject({
    findings: ['BODY_CHANGED'],
    diagnosis: { cause: { id: 'BODY_CHANGED' } },
  });
  expect(read.json).not.toHaveProperty('diagnosisPending');
});

test('verify, HAR and a search for a finding diagnose what they depend on', async () => {
  const { at } = await withPending();
  const admin = adminCaller(at);
  const count = at.journal.size;
  const verified = await admin.call('verify', {
    body: { exchanges: [{ exchange: { finding: 'BODY_CHANGED' }, exactly: count }] },
  });
  expect(verified.json).toMatchObject({ passed: true });

  await flood(at, 60);
  const har = await admin.call('journalAsHar');
  const comments = har.json['log'].entries.map(({ comment }: { comment: string }) => comment);
  expect(comments.filter((comment: string) => !comment.includes('BODY_CHANGED: '))).toEqual([]);

  await flood(at, 60);
  const found = await admin.call('listJournal', { query: '?finding=BODY_CHANGED&limit=1' });
  expect(found.json).toMatchObject({ total: at.journal.size });
});

test('whoever waits for a finding gets it although its diagnosis is pending', async () => {
  const { at } = await withPending();
  const since = at.journal.newest;
  const arrival = adminCaller(at).call('waitFor', {
    body: { exchange: { finding: 'BODY_CHANGED' }, since, count: 60 },
  });
  await flood(at, 60);
  expect((await arrival).json).toMatchObject({ arrived: true });
});

test('an exchange that leaves the journal before its diagnosis is counted, shown and logged; nothing else is kept of it', async () => {
  const warnings: string[] = [];
  const { at } = await withPending(
    { 'journal.entries': 10 },
    { onWarning: (sentence) => warnings.push(sentence) },
  );
  for (let round = 0; at.journal.undiagnosed === 0 && round < 20; round++) await flood(at, 60);
  expect(at.journal.undiagnosed).toBeGreaterThan(0);
  expect(at.journal.pendingDiagnoses).toBeLessThanOrEqual(10);
  expect(warnings.join()).toContain('an exchange left the journal before it was diagnosed');
  const page = await adminCaller(at).call('listJournal');
  expect(page.json['undiagnosed']).toBe(at.journal.undiagnosed);
  const metrics = await adminCaller(at).call('metrics');
  expect(metrics.text).toMatch(/^alipayhk_mock_undiagnosed \d+$/m);
});
