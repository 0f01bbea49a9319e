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
import type { SignatureAlgorithm } from '../../protocol/algorithms.ts';
import { type MessageContent, readMessageContent } from './message-content.ts';

/**
 * What the client can know of an attempt, from what was delivered: a result that is signed as it
 * should be; `lost`: the answer is not complete, or has no readable result; `untrusted`: it is
 * complete, but unsigned or made untrustworthy by a security fault; `pending`: the attempt is not
 * over.
 */
export type AttemptView = ResultStatus | 'lost' | 'untrusted' | 'pending';

/** One HTTP request that carries a message, as far as a judge needs it; small and plain. */
export interface MessageAttempt {
  /** Counts up in the order of arrival: the exchange's number, unless that counts ends. */
  readonly number: number;
  /** The exchange's number in the journal. */
  readonly journalNumber: number;
  /** The exchange's Tracer-Id. */
  readonly id: string;
  readonly clientId: string | undefined;
  readonly operation: string | undefined;
  /** By the monotonic clock, like every time in microseconds here. */
  readonly atUs: number;
  /** By the client's clock, milliseconds since 1970. */
  readonly receivedAt: number;
  readonly connection: Connection;
  /** Undefined while the attempt is pending. */
  readonly delivery: Delivery | undefined;
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
  /** Another attempt's fault closed the connection that this one was on. */
  readonly isCollateral: boolean;
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
  /** Of the unwrapped symmetric key of an encrypted body; equal for equal keys. */
  readonly symmetricKeyDigest: string | undefined;
  readonly algorithm: SignatureAlgorithm;
  /** The change of an order's status that the exchange made. */
  readonly transition: OrderTransition | undefined;
  /** How many records the exchange changed, those of scripted rules left out. */
  readonly changes: number;
  /** Whether the request's signature verified. */
  readonly isVerified: boolean;
  readonly isSealed: boolean;
  /** The header as sent; undefined: absent or repeated. */
  readonly requestTime: string | undefined;
  /** A piece of the header Signature, which distinguishes signatures; undefined as above. */
  readonly signaturePiece: string | undefined;
  /** Undefined: the body is not complete, not opened, or no JSON object. */
  readonly content: MessageContent | undefined;
  /** Kept in batches; undefined in a stream, whose memory is bounded. */
  readonly entry: JournalEntry | undefined;
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
  return {
    number: arrivalNumber(entry, options),
    journalNumber: entry.number,
    id: entry.id,
    clientId: entry.clientId,
    operation: entry.operation,
    atUs: entry.arrival.atUs,
    receivedAt: entry.receivedAt,
    connection: entry.connection,
    delivery,
    isComplete,
    view: readView(entry),
    isAmbiguous:
      delivery.complete &&
      ((fault !== undefined && ambiguousFaults.has(fault.id)) || security?.id === 'raw-signature'),
    isRefusal: verdict.step !== 'decide' && scripted === undefined && isComplete,
    isCollateral: false,
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
    symmetricKeyDigest: entry.symmetricKeyDigest,
    algorithm: guessAlgorithm(entry),
    transition: readTransition(entry),
    changes: countChanges(entry),
    isVerified: verifiedWith !== undefined,
    isSealed: headers['encrypt'] !== undefined,
    requestTime: headers['request-time'],
    signaturePiece: cutSignature(headers['signature']),
    content: isComplete ? readMessageContent(entry, options, request) : undefined,
    entry: options.keepEntries ? entry : undefined,
  };
};

/** An attempt that is not over: its body is not known yet. */
export const openAttempt = (exchange: OpenExchange): MessageAttempt => ({
  number: exchange.number,
  journalNumber: exchange.number,
  id: exchange.id,
  clientId: exchange.clientId,
  operation: exchange.operation,
  atUs: exchange.arrival.atUs,
  receivedAt: exchange.receivedAt,
  connection: exchange.connection,
  delivery: undefined,
  isComplete: false,
  view: 'pending',
  isAmbiguous: false,
  isRefusal: false,
  isCollateral: false,
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
  symmetricKeyDigest: undefined,
  algorithm: 'RSA256',
  transition: undefined,
  changes: 0,
  isVerified: false,
  isSealed: false,
  requestTime: undefined,
  signaturePiece: undefined,
  content: undefined,
  entry: undefined,
});

/**
 * Twelve characters of the value, wherever it is in the header, but not its first ones: the engine
 * copies so few, and the whole header would be kept with more. A header of another form is kept as
 * it is.
 */
const cutSignature = (header: string | undefined): string | undefined => {
  const start = header?.indexOf(signatureName) ?? -1;
  if (header === undefined || start < 0) return header;
  const from = start + signatureName.length + pieceStart;
  const comma = header.indexOf(',', start);
  const end = comma < 0 ? header.length : comma;
  return from + pieceLength > end ? header : header.slice(from, from + pieceLength);
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

const guessAlgorithm = ({ request }: JournalEntry): SignatureAlgorithm =>
  request.headers['signature']?.includes('ECC224') === true ? 'ECC224' : 'RSA256';

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
