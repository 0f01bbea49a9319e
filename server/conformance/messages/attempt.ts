import type { SecurityFaultId, WireFaultId } from '../../domain/faults/catalogue.ts';
import type { Phase } from '../../domain/faults/fault.ts';
import type { Endpoint, Policies } from '../../domain/operations/endpoint.ts';
import {
  isEntityCollection,
  type JsonObject,
  type ResultStatus,
} from '../../domain/state/state.ts';
import type {
  Connection,
  Delivery,
  JournalEntry,
  OpenExchange,
} from '../../journal/journal-entry.ts';
import type { SignatureAlgorithm } from '../../protocol/signatures.ts';
import { type MessageContent, readMessageContent } from './message-content.ts';

/**
 * What the client can know of an attempt, from what was delivered: a result that is signed as it
 * should be; `lost`: the answer is not complete, or has no readable result; `untrusted`: it is
 * complete, but unsigned or made untrustworthy by a security fault; `pending`: the attempt is not
 * over.
 */
export type AttemptView = ResultStatus | 'lost' | 'untrusted' | 'pending';

/** What many attempts have in common: there are few kinds, and each is kept once. */
export interface AttemptKind {
  readonly operation: string | undefined;
  /** Whether all of the request arrived. */
  readonly isComplete: boolean;
  readonly view: AttemptView;
  /**
   * A correct client may accept this answer or refuse it, as with a signature that is not
   * URL-encoded: neither counts against it.
   */
  readonly isAmbiguous: boolean;
  /**
   * The gateway refused it before a decision, without a script: nothing was decided, and an
   * unsigned refusal is genuine.
   */
  readonly isRefusal: boolean;
  /** The step that decided or refused. */
  readonly step: string;
  readonly code: string;
  readonly status: ResultStatus;
  readonly rule: string | undefined;
  readonly fault: WireFaultId | undefined;
  readonly phase: Phase | undefined;
  readonly security: SecurityFaultId | undefined;
  readonly delayMs: number;
  readonly tags: readonly string[];
  /** Ids of what the gateway noted, and of oddities of the body that it refuses. */
  readonly findings: readonly string[];
  /** A header or a magic value asked the simulator for its answer. */
  readonly isControlled: boolean;
  /** The client's key version that the signature verified with. */
  readonly keyVersion: number | undefined;
  readonly algorithm: SignatureAlgorithm;
  /** The change of an order's status that the exchange made. */
  readonly transition: OrderTransition | undefined;
  /** How many records the exchange changed, those of scripted rules left out. */
  readonly changes: number;
  /** Whether the request's signature verified. */
  readonly isVerified: boolean;
  readonly isSealed: boolean;
}

/** What every attempt has for itself. */
interface AttemptDetails {
  /** Counts up in the order of arrival: the exchange's number, unless that counts ends. */
  readonly number: number;
  /** The exchange's number in the journal. */
  readonly journalNumber: number;
  /** The exchange's Tracer-Id. */
  readonly id: string;
  readonly clientId: string | undefined;
  /** By the monotonic clock, like every time in microseconds here. */
  readonly atUs: number;
  /** By the client's clock, milliseconds since 1970. */
  readonly receivedAt: number;
  readonly connection: Connection;
  /** Undefined while the attempt is pending. */
  readonly delivery: Delivery | undefined;
  /** Another attempt's fault closed the connection that this one was on. */
  readonly isCollateral: boolean;
  /** Of the unwrapped symmetric key of an encrypted body; equal for equal keys. */
  readonly symmetricKeyDigest: string | undefined;
  /** The header as sent; undefined: absent or repeated. */
  readonly requestTime: string | undefined;
  /** A piece of the header Signature, which distinguishes signatures; undefined as above. */
  readonly signaturePiece: string | undefined;
  /** Undefined: the body is not complete, not opened, or no JSON object. */
  readonly content: MessageContent | undefined;
  /** Kept in batches; undefined in a stream, whose memory is bounded. */
  readonly entry: JournalEntry | undefined;
}

/** One HTTP request that carries a message, as far as a judge needs it; small and plain. */
export interface MessageAttempt extends AttemptKind, AttemptDetails {
  readonly kind: AttemptKind;
}

/** Looks what is common up in its kind, so that it takes no room in each of thousands. */
class CompactAttempt implements MessageAttempt {
  readonly kind: AttemptKind;
  readonly number: number;
  readonly journalNumber: number;
  readonly id: string;
  readonly clientId: string | undefined;
  readonly atUs: number;
  readonly receivedAt: number;
  readonly connection: Connection;
  readonly delivery: Delivery | undefined;
  readonly isCollateral: boolean;
  readonly symmetricKeyDigest: string | undefined;
  readonly requestTime: string | undefined;
  readonly signaturePiece: string | undefined;
  readonly content: MessageContent | undefined;
  readonly entry: JournalEntry | undefined;

  constructor(kind: AttemptKind, details: AttemptDetails) {
    this.kind = kind;
    this.number = details.number;
    this.journalNumber = details.journalNumber;
    this.id = details.id;
    this.clientId = details.clientId;
    this.atUs = details.atUs;
    this.receivedAt = details.receivedAt;
    this.connection = details.connection;
    this.delivery = details.delivery;
    this.isCollateral = details.isCollateral;
    this.symmetricKeyDigest = details.symmetricKeyDigest;
    this.requestTime = details.requestTime;
    this.signaturePiece = details.signaturePiece;
    this.content = details.content;
    this.entry = details.entry;
  }

  get operation(): string | undefined {
    return this.kind.operation;
  }

  get isComplete(): boolean {
    return this.kind.isComplete;
  }

  get view(): AttemptView {
    return this.kind.view;
  }

  get isAmbiguous(): boolean {
    return this.kind.isAmbiguous;
  }

  get isRefusal(): boolean {
    return this.kind.isRefusal;
  }

  get step(): string {
    return this.kind.step;
  }

  get code(): string {
    return this.kind.code;
  }

  get status(): ResultStatus {
    return this.kind.status;
  }

  get rule(): string | undefined {
    return this.kind.rule;
  }

  get fault(): WireFaultId | undefined {
    return this.kind.fault;
  }

  get phase(): Phase | undefined {
    return this.kind.phase;
  }

  get security(): SecurityFaultId | undefined {
    return this.kind.security;
  }

  get delayMs(): number {
    return this.kind.delayMs;
  }

  get tags(): readonly string[] {
    return this.kind.tags;
  }

  get findings(): readonly string[] {
    return this.kind.findings;
  }

  get isControlled(): boolean {
    return this.kind.isControlled;
  }

  get keyVersion(): number | undefined {
    return this.kind.keyVersion;
  }

  get algorithm(): SignatureAlgorithm {
    return this.kind.algorithm;
  }

  get transition(): OrderTransition | undefined {
    return this.kind.transition;
  }

  get changes(): number {
    return this.kind.changes;
  }

  get isVerified(): boolean {
    return this.kind.isVerified;
  }

  get isSealed(): boolean {
    return this.kind.isSealed;
  }
}

export interface OrderTransition {
  /** merchantBizType. */
  readonly type: string;
  /** Undefined: the order is new. */
  readonly from: string | undefined;
  readonly to: string;
}

/** What turns entries into attempts. */
export interface AttemptOptions {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly policies: Policies;
  /** Whether attempts keep their entries. */
  readonly keepEntries: boolean;
  /** The journal numbers exchanges as they end, as it does where replicas share it. */
  readonly isNumberedAtEnd?: boolean;
}

/** Added to times of arrival, for those before this process began are negative. */
const beforeAllUs = 2 ** 51;

/** Counts up in the order of arrival. */
export const arrivalNumber = (
  { number, arrival }: JournalEntry,
  { isNumberedAtEnd = false }: Pick<AttemptOptions, 'isNumberedAtEnd'>,
): number => (isNumberedAtEnd ? arrival.atUs + beforeAllUs : number);

/** @param request the body as the gateway has parsed it, if it was decided on */
export const readAttempt = (
  entry: JournalEntry,
  options: AttemptOptions,
  request?: JsonObject,
): MessageAttempt => {
  const { verdict, scripted, delivery, verifiedWith } = entry;
  const { headers } = entry.request;
  const { fault, security, delayMs } = scripted?.delivery ?? noDelivery;
  const isComplete = entry.requestCompleteUs !== undefined;
  const kind: AttemptKind = {
    operation: entry.operation,
    isComplete,
    view: readView(entry),
    isAmbiguous:
      delivery.complete &&
      ((fault !== undefined && ambiguousFaults.has(fault.id)) || security?.id === 'raw-signature'),
    isRefusal: verdict.step !== 'decide' && scripted === undefined && isComplete,
    step: verdict.step,
    code: verdict.code,
    status: verdict.status,
    rule: scripted?.rule,
    fault: fault?.id,
    phase: fault?.phase,
    security: security?.id,
    delayMs,
    tags: entry.tags,
    findings: listFindings(entry, request !== undefined),
    isControlled: isControlled(entry),
    keyVersion: verifiedWith,
    algorithm: guessAlgorithm(entry),
    transition: readTransition(entry),
    changes: countChanges(entry),
    isVerified: verifiedWith !== undefined,
    isSealed: headers['encrypt'] !== undefined,
  };
  return new CompactAttempt(shareKind(kind), {
    number: arrivalNumber(entry, options),
    journalNumber: entry.number,
    id: entry.id,
    clientId: entry.clientId,
    atUs: entry.arrival.atUs,
    receivedAt: entry.receivedAt,
    connection: entry.connection,
    delivery,
    isCollateral: false,
    symmetricKeyDigest: entry.symmetricKeyDigest,
    requestTime: headers['request-time'],
    signaturePiece: cutSignature(headers['signature']),
    content: isComplete ? readMessageContent(entry, options, request) : undefined,
    entry: options.keepEntries ? entry : undefined,
  });
};

/** The attempt with other details, of the same kind. */
export const changeAttempt = (
  attempt: MessageAttempt,
  changes: Partial<AttemptDetails>,
): MessageAttempt => new CompactAttempt(attempt.kind, { ...attempt, ...changes });

/** An attempt that is not over: its body is not known yet. */
export const openAttempt = (exchange: OpenExchange): MessageAttempt =>
  new CompactAttempt(
    { ...pendingKind, operation: exchange.operation },
    {
      number: exchange.number,
      journalNumber: exchange.number,
      id: exchange.id,
      clientId: exchange.clientId,
      atUs: exchange.arrival.atUs,
      receivedAt: exchange.receivedAt,
      connection: exchange.connection,
      delivery: undefined,
      isCollateral: false,
      symmetricKeyDigest: undefined,
      requestTime: undefined,
      signaturePiece: undefined,
      content: undefined,
      entry: undefined,
    },
  );

const pendingKind: AttemptKind = {
  operation: undefined,
  isComplete: false,
  view: 'pending',
  isAmbiguous: false,
  isRefusal: false,
  step: 'receive',
  code: 'none',
  status: 'U',
  rule: undefined,
  fault: undefined,
  phase: undefined,
  security: undefined,
  delayMs: 0,
  tags: [],
  findings: [],
  isControlled: false,
  keyVersion: undefined,
  algorithm: 'RSA256',
  transition: undefined,
  changes: 0,
  isVerified: false,
  isSealed: false,
};

/** The kinds of the newest attempts, in no order. */
const newestKinds: AttemptKind[] = [];
const mostKinds = 64;
let replaced = 0;

/** The same kind as before, if it is among the newest. */
const shareKind = (kind: AttemptKind): AttemptKind => {
  for (const known of newestKinds) if (isSameKind(known, kind)) return known;
  newestKinds[replaced++ % mostKinds] = kind;
  return kind;
};

const isSameKind = (a: AttemptKind, b: AttemptKind): boolean =>
  a.code === b.code &&
  a.operation === b.operation &&
  a.view === b.view &&
  a.isComplete === b.isComplete &&
  a.isAmbiguous === b.isAmbiguous &&
  a.isRefusal === b.isRefusal &&
  a.step === b.step &&
  a.status === b.status &&
  a.rule === b.rule &&
  a.fault === b.fault &&
  a.phase === b.phase &&
  a.security === b.security &&
  a.delayMs === b.delayMs &&
  isSameList(a.tags, b.tags) &&
  isSameList(a.findings, b.findings) &&
  a.isControlled === b.isControlled &&
  a.keyVersion === b.keyVersion &&
  a.algorithm === b.algorithm &&
  isSameTransition(a.transition, b.transition) &&
  a.changes === b.changes &&
  a.isVerified === b.isVerified &&
  a.isSealed === b.isSealed;

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((one, at) => one === b[at]));

const isSameTransition = (
  a: OrderTransition | undefined,
  b: OrderTransition | undefined,
): boolean => a?.type === b?.type && a?.from === b?.from && a?.to === b?.to;

/**
 * Twelve characters of the value, wherever it is in the header, but not its first ones: the engine
 * copies so few, and the whole header would be kept with more. A header of another form is kept as
 * it is.
 */
const cutSignature = (header: string | undefined): string | undefined => {
  const start = header?.indexOf(signatureName) ?? -1;
  if (header === undefined || start < 0) return header;
  const from = start + signatureName.length + pieceStart;
  const end = from + pieceLength;
  const isShort = end > header.length || header.slice(start, end).includes(',');
  return isShort ? header : header.slice(from, end);
};

const signatureName = 'signature=';
const pieceStart = 40;
const pieceLength = 12;

const noDelivery = { fault: undefined, security: undefined, delayMs: 0 } as const;

/** Complete and signed, but not in a form that every correct client reads. */
const ambiguousFaults: ReadonlySet<WireFaultId> = new Set(['huge-body', 'wrong-charset']);

/** Whatever else they deliver, no result of the platform can be read from it. */
const resultlessFaults: ReadonlySet<WireFaultId> = new Set([
  'not-json',
  'gateway-html',
  'empty-200',
]);

const readView = ({ delivery, scripted, verdict, reply }: JournalEntry): AttemptView => {
  const { fault, security } = scripted?.delivery ?? noDelivery;
  if (!delivery.complete || verdict.code === 'NO_ANSWER') return 'lost';
  if (fault !== undefined && resultlessFaults.has(fault.id)) return 'lost';
  if (security !== undefined && security.id !== 'raw-signature') return 'untrusted';
  if (fault?.id === 'duplicate-headers') return 'untrusted';
  return 'signature' in reply.headers && 'response-time' in reply.headers
    ? verdict.status
    : 'untrusted';
};

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Of a body that was decided on, only the charset can be odd. */
const listFindings = (
  { findings, request }: JournalEntry,
  isDecided: boolean,
): readonly string[] => {
  const { body, headers } = request;
  const hasMark = !isDecided && body.subarray(0, 3).equals(utf8Mark);
  const isOther = namesOtherCharset(headers['content-type'] ?? '');
  if (findings.length === 0 && !hasMark && !isOther) return noFindings;
  return [
    ...findings.map(({ id }) => id),
    ...(hasMark ? ['BYTE_ORDER_MARK'] : []),
    ...(isOther ? ['CHARSET'] : []),
  ];
};

const noFindings: readonly string[] = [];

/** The last Content-Type without another charset: nearly every request has the same. */
let usualType = '';

const namesOtherCharset = (contentType: string): boolean => {
  if (contentType === usualType) return false;
  const charset = /charset=["']?([\w-]+)/i.exec(contentType)?.[1];
  const isOther = charset !== undefined && !/^utf-?8$/i.test(charset);
  if (!isOther) usualType = contentType;
  return isOther;
};

const isControlled = ({ request, scripted }: JournalEntry): boolean => {
  for (const name in request.headers) if (name.startsWith('x-mock-')) return true;
  return scripted?.rule.startsWith('magic value of ') === true;
};

const guessAlgorithm = ({ request }: JournalEntry): SignatureAlgorithm => {
  const header = request.headers['signature'] ?? '';
  // Nearly all begin with it, and need not be searched to their end.
  return !header.includes('RSA256') && /ECC224/i.test(header) ? 'ECC224' : 'RSA256';
};

const readTransition = ({ changes }: JournalEntry): OrderTransition | undefined => {
  for (const { collection, before, after } of changes) {
    if (collection !== 'orders') continue;
    const is = orderFields(after);
    if (is === undefined) return undefined;
    const from = before === null ? undefined : orderFields(before)?.['orderStatus'];
    return {
      type: String(is['merchantBizType']),
      from: typeof from === 'string' ? from : undefined,
      to: String(is['orderStatus']),
    };
  }
  return undefined;
};

const orderFields = (record: unknown): JsonObject | undefined =>
  typeof record === 'object' && record !== null && 'fields' in record
    ? (record.fields as JsonObject)
    : undefined;

const countChanges = ({ changes }: JournalEntry): number => {
  let count = 0;
  for (const { collection } of changes) if (isEntityCollection(collection)) count++;
  return count;
};
