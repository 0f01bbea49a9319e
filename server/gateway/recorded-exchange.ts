import type { IncomingMessage } from 'node:http';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { Finding } from '../domain/contract/contract.ts';
import type { DiagnosisJob } from '../journal/diagnosis-queue.ts';
import type {
  JournalEntry,
  KeyVersionsUsed,
  Message,
  PendingDiagnosis,
  Scripted,
  StateChange,
  StepRecord,
  Verdict,
} from '../journal/journal-entry.ts';
import { readHeaderPairs } from '../protocol/headers.ts';
import type { Exchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { Reply } from './reply/compose-reply.ts';

/**
 * Everything about an exchange that is worth keeping: what exists anyway, by reference. One is made
 * of every request.
 */
export class RecordedExchange implements JournalEntry {
  readonly number: number;
  readonly id: string;
  readonly receivedAt: number;
  readonly method: string;
  readonly target: string;
  readonly operation: string | undefined;
  readonly clientId: string | undefined;
  readonly identity: string | undefined;
  readonly steps: readonly StepRecord[];
  readonly verdict: Verdict;
  readonly marks: readonly string[];
  readonly findings: readonly Finding[];
  readonly request: JournalEntry['request'];
  readonly reply: Reply;
  readonly sealed: boolean;
  readonly changes: readonly StateChange[];
  readonly scripted: Scripted | undefined;
  readonly milliseconds: number;
  readonly #diagnosis: DiagnosisJob | undefined;
  readonly #verifiedWith: number | undefined;
  readonly #openedWith: number | undefined;

  /** @param number the one after that of the exchange recorded last */
  constructor(
    req: IncomingMessage,
    exchange: Exchange,
    conclusion: Outcome,
    reply: Reply,
    number: number,
  ) {
    // Of the facts only what is named here: the parsed request would else live on, which the
    // journal's bounds do not count.
    const { context: facts } = exchange;
    const { rule, delivery } = conclusion;
    this.number = number;
    this.id = exchange.tracerId;
    this.receivedAt = exchange.receivedAt;
    this.method = req.method ?? '';
    this.target = facts.target ?? '';
    this.operation = facts.operation?.id;
    this.clientId = facts.headers?.clientId;
    this.identity = conclusion.identity;
    this.#diagnosis = conclusion.diagnosis;
    this.steps = exchange.steps;
    this.verdict = conclusion.verdict;
    this.marks = conclusion.marks;
    this.findings = exchange.findings;
    const message = {
      headers: joinedHeaders(req),
      headerLines: req.rawHeaders,
      body: facts.body ?? noBytes,
    };
    this.sealed = facts.sealed === true;
    this.request =
      this.sealed && facts.plain !== undefined ? { ...message, plain: facts.plain } : message;
    this.reply = reply;
    this.changes = conclusion.changes ?? noChanges;
    this.scripted = rule === undefined ? undefined : { rule, delivery };
    this.milliseconds = exchange.milliseconds;
    this.#verifiedWith = facts.clientKeyVersion;
    this.#openedWith = facts.platformKeyVersion;
  }

  get diagnosis(): Diagnosis | undefined {
    return this.#diagnosis?.result;
  }

  get pendingDiagnosis(): PendingDiagnosis | undefined {
    return this.#diagnosis?.isPending === true ? this.#diagnosis : undefined;
  }

  /** What the answer was signed with and sealed for is told as its own headers tell it. */
  get keyVersions(): KeyVersionsUsed {
    const signed = keyVersionIn(this.reply.headers['signature']);
    const sealed = keyVersionIn(this.reply.headers['encrypt']);
    return {
      ...(this.#verifiedWith === undefined ? {} : { verified: this.#verifiedWith }),
      ...(this.#openedWith === undefined ? {} : { opened: this.#openedWith }),
      ...(signed === undefined ? {} : { signed }),
      ...(sealed === undefined ? {} : { sealed }),
    };
  }
}

const noBytes = Buffer.alloc(0);
const noChanges: readonly StateChange[] = [];

const keyVersionIn = (header: string | undefined): number | undefined => {
  const version = readHeaderPairs(header ?? '').pairs.get('keyVersion');
  return /^\d+$/.test(version ?? '') ? Number(version) : undefined;
};

/**
 * Node leaves out or joins what was sent twice, each header after rules of its own. Only then they
 * are joined anew, all alike.
 */
const joinedHeaders = (req: IncomingMessage): Message['headers'] =>
  Object.keys(req.headers).length * 2 === req.rawHeaders.length
    ? (req.headers as Message['headers'])
    : Object.fromEntries(
        Object.entries(req.headersDistinct).map(([name, values]) => [
          name,
          (values ?? []).join(', '),
        ]),
      );
