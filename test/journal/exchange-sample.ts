import type { Journal } from '../../server/journal/journal.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';

/** An exchange as the gateway hands it over, with whatever a test cares about laid over it. */
export const exchangeSample = ({
  body = '{}',
  ...fields
}: Partial<JournalEntry> & { readonly body?: string } = {}): JournalEntry => ({
  number: 1,
  id: 'abcdefg123456789012345678901',
  receivedAt: 1_767_225_600_000,
  arrival: { order: fields.number ?? 1, atUs: 1_000_000 },
  requestCompleteUs: 1_000_300,
  connection: { ordinal: 1, position: 1, tls: false },
  delivery: {
    firstByteUs: 1_002_000,
    lastByteUs: 1_002_000,
    endedUs: 1_002_000,
    bytes: 300,
    complete: true,
    endedBy: 'keptAlive',
  },
  method: 'POST',
  target: '/api/open/v1/alipayhk/merchant/template/sync',
  operation: 'syncOrder',
  clientId: 'SHOP',
  steps: [{ name: 'decide', microseconds: 100, refused: false }],
  verdict: { step: 'decide', code: 'SUCCESS', status: 'S', basis: [], reason: 'a new order' },
  tags: [],
  findings: [],
  request: {
    headers: { 'client-id': 'SHOP', 'content-type': 'application/json' },
    headerLines: ['Client-Id', 'SHOP', 'Content-Type', 'application/json'],
    body: Buffer.from(body),
  },
  reply: {
    httpStatus: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: Buffer.from('{"result":{}}'),
  },
  sealed: false,
  changes: [],
  keyVersions: { verified: 1, signed: 1 },
  verifiedWith: fields.keyVersions === undefined ? 1 : fields.keyVersions.verified,
  milliseconds: 2,
  ...fields,
});

/** Adds one as the gateway does. */
export const addTo = (
  journal: Journal,
  fields?: Parameters<typeof exchangeSample>[0],
): JournalEntry => {
  const entry = exchangeSample({ ...fields, number: journal.nextNumber() });
  journal.add(entry);
  return entry;
};
