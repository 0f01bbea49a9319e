import type { IncomingMessage } from 'node:http';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { Finding } from '../domain/contract/contract.ts';
import type { DiagnosisJob } from '../journal/diagnosis-queue.ts';
import type {
  Arrival,
  Connection,
  Delivery,
  JournalEntry,
  KeyVersionsUsed,
  Message,
  PendingDiagnosis,
  Scripted,
  StateChange,
  StepRecord,
  Verdict,
} from '../journal/journal-entry.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { readHeaderPairs } from '../protocol/headers.ts';
import type { Exchange, StepTrace, TapeRecorder } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { Reply } from './reply/compose-reply.ts';
import type { Delivered } from './reply/deliver.ts';

/**
 * What is recorded of an exchange, built once it is over: by reference, since one is made of every
 * request.
 */
export class RecordedExchange implements JournalEntry {
  readonly number: number;
  readonly id: string;
  readonly receivedAt: number;
  readonly arrival: Arrival;
  readonly requestCompleteUs: number | undefined;
  readonly connection: Connection;
  readonly delivery: Delivery;
  readonly method: string;
  readonly target: string;
  readonly operation: string | undefined;
  readonly clientId: string | undefined;
  readonly identity: string | undefined;
  readonly verdict: Verdict;
  readonly tags: readonly string[];
  readonly findings: readonly Finding[];
  readonly request: JournalEntry['request'];
  readonly reply: Reply;
  readonly sealed: boolean;
  readonly symmetricKeyDigest: string | undefined;
  readonly changes: readonly StateChange[];
  readonly verifiedWith: number | undefined;
  readonly scripted: Scripted | undefined;
  readonly tape: TapeRecorder;
  readonly milliseconds: number;
  readonly #trace: StepTrace;
  readonly #diagnosis: DiagnosisJob | undefined;
  readonly #decryptedWith: number | undefined;

  constructor(
    req: IncomingMessage,
    exchange: Exchange,
    outcome: Outcome,
    { reply, delivery }: Delivered,
  ) {
    // Of what is known only the members named here: headers and keys would live on with the rest,
    // and the journal's bounds do not count them.
    const { known, rule } = outcome;
    this.number = exchange.number;
    this.id = exchange.id;
    this.receivedAt = exchange.receivedAt;
    this.arrival = exchange.arrival;
    this.requestCompleteUs = known.requestCompleteUs;
    this.connection = exchange.connection;
    this.delivery = delivery;
    this.method = exchange.method;
    this.target = exchange.target;
    this.operation = exchange.operation;
    this.clientId = known.headers?.clientId ?? known.claimedClientId;
    this.identity = outcome.identity;
    this.#diagnosis = outcome.diagnosis;
    this.#trace = exchange.trace;
    this.verdict = outcome.verdict;
    this.tags = outcome.tags;
    const { findings = [] } = outcome;
    this.findings = findings.length === 0 ? exchange.findings : [...exchange.findings, ...findings];
    this.sealed = known.platformKeyVersion !== undefined;
    this.symmetricKeyDigest = known.symmetricKeyDigest;
    this.request = {
      headers: joinHeaders(req),
      headerLines: req.rawHeaders,
      body: known.body ?? noBytes,
      plain: this.sealed ? known.plain : undefined,
    };
    this.reply = reply;
    this.changes = outcome.changes ?? noChanges;
    this.scripted = rule === undefined ? undefined : { rule, delivery: outcome.delivery };
    this.tape = exchange.tape;
    this.tape.symmetricKey = known.symmetricKey;
    this.milliseconds = Math.round((delivery.endedUs - exchange.arrival.atUs) / 1000);
    this.verifiedWith = known.signedWith?.keyVersion;
    this.#decryptedWith = known.platformKeyVersion;
  }

  get steps(): readonly StepRecord[] {
    return this.#trace.toRecords();
  }

  get diagnosis(): Diagnosis | undefined {
    return this.#diagnosis?.result;
  }

  get pendingDiagnosis(): PendingDiagnosis | undefined {
    return this.#diagnosis?.isPending === true ? this.#diagnosis : undefined;
  }

  /** Of the answer, as its own headers state them. */
  get keyVersions(): KeyVersionsUsed {
    const signed = keyVersionIn(this.reply.headers['signature']);
    const sealed = keyVersionIn(this.reply.headers['encrypt']);
    return omitUndefined({
      verified: this.verifiedWith,
      opened: this.#decryptedWith,
      signed,
      sealed,
    });
  }
}

const noBytes = Buffer.alloc(0);
const noChanges: readonly StateChange[] = [];

const keyVersionIn = (header: string | undefined): number | undefined => {
  const version = readHeaderPairs(header ?? '').pairs.get('keyVersion');
  return /^\d+$/.test(version ?? '') ? Number(version) : undefined;
};

/**
 * Node drops or joins repeated headers, each by its own rules. Only then all are joined here in the
 * same way.
 */
const joinHeaders = (req: IncomingMessage): Message['headers'] =>
  Object.keys(req.headers).length * 2 === req.rawHeaders.length
    ? (req.headers as Message['headers'])
    : Object.fromEntries(
        Object.entries(req.headersDistinct).map(([name, values]) => [
          name,
          (values ?? []).join(', '),
        ]),
      );
