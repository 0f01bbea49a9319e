import type { Basis, RegisterId } from '../../domain/contract/basis.ts';
import type { LintRemedyId } from './lint-remedies.ts';

/** Error: money or orders can be wrong. Warning: it goes wrong under load or failure. */
export const lintSeverities = ['error', 'warning', 'note'] as const;
export type LintSeverity = (typeof lintSeverities)[number];

/** What lint looks for in ordinary traffic. */
export interface LintRule {
  readonly title: string;
  /** The worst that a finding can have. */
  readonly severity: LintSeverity;
  /** When it is found, in one sentence. */
  readonly condition: string;
  readonly why: string;
  /** What looks alike and is not found. */
  readonly exempt: string;
  readonly basis: Basis;
  readonly register?: RegisterId;
  readonly remedy: LintRemedyId;
}

/** The rules by id. Ids are never reused. */
export const lintRules = {
  'L-RTY-01': {
    title: 'A new requestId after an unknown outcome',
    severity: 'error',
    condition:
      'A message whose outcome is unknown is followed by one with another requestId that reports ' +
      'the same.',
    why: 'AlipayHK may have the first one already: the change is then made twice.',
    exempt:
      'Another event time after more than ten minutes is a warning: a person may have sent it ' +
      'again. So is one after the first message had been repeated. An event in between, such as ' +
      'UNBIND between two BIND.',
    basis: 'documented',
    register: 'I-02',
    remedy: 'sameMessage',
  },
  'L-RTY-02': {
    title: 'Sent again after a final refusal',
    severity: 'error',
    condition: 'A message is sent again, unchanged, after a signed F had been delivered.',
    why: 'The same request gets the same refusal. Whatever is wrong with it stays undetected.',
    exempt:
      'UNKNOWN_EXCEPTION with F, which some pages ask to repeat; an attempt that was on its way; ' +
      'the copy that a proxy makes; the next one after an answer that took over a second, on another ' +
      'connection. ' +
      'After ten minutes it is a note; codes that depend on more than the message are a warning.',
    basis: 'sibling',
    register: 'G-18',
    remedy: 'stopOnFinal',
  },
  'L-RTY-03': {
    title: 'A changed body under one requestId',
    severity: 'error',
    condition: 'Two attempts with one requestId have different bodies.',
    why: 'A requestId identifies one message: the second body is refused or ignored.',
    exempt:
      'The same JSON in another layout is a warning. Encrypted bodies that were not decrypted. A ' +
      'body that is corrected after the gateway refused it.',
    basis: 'documented',
    register: 'I-03',
    remedy: 'keepBody',
  },
  'L-RTY-04': {
    title: 'Sent again after a success',
    severity: 'warning',
    condition: 'A message is sent again after a signed S had been delivered.',
    why: 'It is harmless once, and hides a client that does not store the outcome.',
    exempt:
      'The first two times are a note: queues deliver at least once. updateMembershipCard, whose ' +
      'messages have no requestId. The copy that a proxy makes. The next one after an answer that ' +
      'took over a second, on another connection: the client may have given up.',
    basis: 'inferred',
    remedy: 'stopOnFinal',
  },
  'L-RTY-05': {
    title: 'An old signature sent again',
    severity: 'warning',
    condition: 'A retry a second or more later carries the Request-Time and Signature of before.',
    why: 'A gateway that checks Request-Time refuses it, at the latest after some minutes.',
    exempt:
      'What an HTTP library repeats by itself within a second. Times in whole seconds: three ' +
      'seconds count.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'signEachAttempt',
  },
  'L-RTY-06': {
    title: 'The HTTP library repeats requests',
    severity: 'note',
    condition: 'The same header lines arrive again within a second after an attempt that was lost.',
    why: 'More attempts are made than the application counts.',
    exempt: 'Reported once for each client.',
    basis: 'inferred',
    remedy: 'libraryRetries',
  },
  'L-RTY-07': {
    title: 'Retries without a pause',
    severity: 'error',
    condition:
      'A message is repeated within 100 ms after an attempt had ended without a final answer: the ' +
      'second time is an error. Five attempts within 10 s whose pauses do not grow, or pauses that ' +
      'shrink by half, are a warning.',
    why: 'A platform that is overloaded gets more load, and the traffic limit follows.',
    exempt:
      'What an HTTP library repeats, and the copy that a proxy makes. A single short pause, as ' +
      'after a restart. Random pauses of which most are long. Scaled pauses: set lint.pauseFactor.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-08': {
    title: 'Retries without an end',
    severity: 'error',
    condition: 'A message without a final answer is attempted 13 times; from 30 on it is an error.',
    why: 'The printed plan ends after six. No person learns of a message that is retried forever.',
    exempt: 'Messages with a final answer, and what an HTTP library repeats.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-09': {
    title: 'A message abandoned with an unknown outcome',
    severity: 'warning',
    condition:
      'A message without a final answer is not sent again for lint.abandonedAfter until the ' +
      'observation ends.',
    why: 'The merchant does not know whether AlipayHK has it, and neither does the user.',
    exempt:
      'Genuine refusals. Messages in a long pause of the printed plan, or in one that is not much ' +
      'longer than others of the client. Clients that were deleted or reset before that time was ' +
      'over.',
    basis: 'documented',
    remedy: 'outbox',
  },
  'L-RTY-10': {
    title: 'The traffic limit ignored',
    severity: 'warning',
    condition:
      'Within a second after REQUEST_TRAFFIC_EXCEED_LIMIT the message is sent again, or three ' +
      'others of the operation are.',
    why: 'The limit counts those requests too, so it lasts longer.',
    exempt:
      'Attempts that were on their way, and other connections of a client with several workers.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-11': {
    title: 'Refused for its signature again and again',
    severity: 'error',
    condition:
      'Three requests in a row are refused with INVALID_SIGNATURE, KEY_NOT_FOUND or ' +
      'INVALID_CLIENT, for one cause.',
    why: 'No repetition repairs a signature. Nothing of this client arrives.',
    exempt: 'Refusals that a scenario made.',
    basis: 'documented',
    register: 'G-01',
    remedy: 'signature',
  },
  'L-ID-01': {
    title: 'One requestId for two operations',
    severity: 'warning',
    condition: 'A requestId is used under two operations of one client.',
    why:
      'It is not documented whether a requestId must be unique within an operation or within a ' +
      'client.',
    exempt: 'None.',
    basis: 'inferred',
    register: 'I-01',
    remedy: 'requestIds',
  },
  'L-ID-02': {
    title: 'The requestId is the business number',
    severity: 'error',
    condition: 'A requestId equals a value that names the order, account, binding or card.',
    why: 'The second message about it has the same requestId, so it is taken for a repetition.',
    exempt: 'It is a note until the requestId is used for a second body.',
    basis: 'documented',
    register: 'I-02',
    remedy: 'requestIds',
  },
  'L-ID-03': {
    title: 'Predictable requestIds',
    severity: 'note',
    condition: 'Twenty requestIds in a row are numbers that rise by less than 1000.',
    why: 'A counter that is lost or restored repeats ids, and their messages are ignored.',
    exempt: 'Ids with a prefix: letters, or the date.',
    basis: 'inferred',
    remedy: 'requestIds',
  },
  'L-TIM-01': {
    title: 'The clock differs',
    severity: 'error',
    condition:
      'The median difference between Request-Time and arrival over three or more messages is over ' +
      '60 s; over 300 s it is an error.',
    why: 'A gateway that checks Request-Time refuses every request.',
    exempt: 'Clients whose clock in the simulator was moved or held.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'clock',
  },
  'L-TIM-02': {
    title: 'The clock is not read again',
    severity: 'warning',
    condition: 'Three messages over more than 3 s carry one Request-Time.',
    why: 'It is read once instead of for each attempt, and gets too old.',
    exempt:
      'Times in whole seconds, which agree within one. Clocks that were moved or held. Time in ' +
      'which an answer was awaited: what follows may have been signed before.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'signEachAttempt',
  },
  'L-TIM-03': {
    title: 'No timeout',
    severity: 'error',
    condition:
      'An attempt without a complete answer stays open for 30 s, and the server does not end it; ' +
      'from 60 s on it is an error.',
    why: 'A thread or connection waits for an answer that never comes, until none is left.',
    exempt: 'Attempts that the server ended. An answer that arrives drop by drop is a warning.',
    basis: 'sibling',
    remedy: 'timeout',
  },
  'L-TIM-04': {
    title: 'No patience',
    severity: 'warning',
    condition: 'The client ends three attempts within 3 s while the answer is only delayed.',
    why: 'Every slow answer becomes an unknown outcome and another request.',
    exempt:
      'Fewer than three, which tests of a timeout need. Attempts that end together, or after very ' +
      'different times: a client that stops.',
    basis: 'sibling',
    remedy: 'timeout',
  },
  'L-TIM-05': {
    title: 'Request-Time in an undocumented form',
    severity: 'note',
    condition: 'Request-Time is written in a form that the documents do not show.',
    why: 'The real gateway may refuse it.',
    exempt: 'Reported once for each client.',
    basis: 'documented',
    register: 'G-09',
    remedy: 'clock',
  },
  'L-ORD-01': {
    title: 'The event time does not rise',
    severity: 'error',
    condition:
      'A new message with other content has an event time that is not greater than that of an ' +
      'earlier message about the same thing.',
    why: 'AlipayHK takes it for an old one and ignores it, with an answer that says SUCCESS.',
    exempt:
      'Repetitions. Messages that were refused do not count. Messages in flight at the same time ' +
      'belong to L-ORD-04. Account operations are a warning.',
    basis: 'documented',
    register: 'O-02',
    remedy: 'eventTime',
  },
  'L-ORD-02': {
    title: 'Constants of an order change',
    severity: 'error',
    condition:
      'orderCreateTime differs from that of the first message; merchantBizType is a warning.',
    why: 'The documents say that they do not change: the message is refused.',
    exempt: 'Messages that were refused do not count as the first.',
    basis: 'documented',
    register: 'O-04',
    remedy: 'eventTime',
  },
  'L-ORD-03': {
    title: 'Asks again for a refused status',
    severity: 'error',
    condition:
      'After ORDER_STATUS_INVALID or PASS_UPDATE_FAIL had been delivered, another message asks for ' +
      'the same status.',
    why: 'The order or card cannot go there. Repeating it hides that merchant and AlipayHK disagree.',
    exempt:
      'Another status was accepted in between, or this one is accepted now. One repetition for a ' +
      'card whose CLOSED was lost.',
    basis: 'documented',
    register: 'E-01',
    remedy: 'orderStatus',
  },
  'L-ORD-04': {
    title: 'Two messages about one thing at once',
    severity: 'error',
    condition: 'Two messages about one order, account, binding or card are in flight together.',
    why: 'Which one arrives first is not known, so the older one may win.',
    exempt:
      'It is a warning unless the later one has an event time that is not newer. An answer that ' +
      'takes more than three seconds: the client may have given up.',
    basis: 'inferred',
    remedy: 'oneAtATime',
  },
  'L-ORD-05': {
    title: 'Continues without knowing the outcome',
    severity: 'error',
    condition:
      'A message with an unknown outcome is followed by one with another status, and is not sent ' +
      'again for lint.abandonedAfter until the observation ends.',
    why: 'The client has taken an unknown or untrusted answer for a success.',
    exempt:
      'The first message is sent again later. Long pauses of the printed plan, or of the client.',
    basis: 'documented',
    register: 'G-18',
    remedy: 'outbox',
  },
  'L-SIG-01': {
    title: 'Sometimes encrypted, sometimes not',
    severity: 'warning',
    condition: 'Messages about one thing are encrypted and not encrypted within one operation.',
    why: 'Personal data that is meant to be encrypted leaves in the clear.',
    exempt: 'Different orders, accounts, bindings or cards. A client that encrypts from then on.',
    basis: 'inferred',
    register: 'G-15',
    remedy: 'encryption',
  },
  'L-SIG-02': {
    title: 'One symmetric key for several messages',
    severity: 'warning',
    condition: 'Two messages were encrypted with the same symmetric key.',
    why: 'Equal texts look equal, and one key that leaks opens all of them.',
    exempt: 'Attempts of one message.',
    basis: 'inferred',
    register: 'G-13',
    remedy: 'encryption',
  },
  'L-SIG-03': {
    title: 'An old key version',
    severity: 'note',
    condition:
      'A signature names an older version an hour after a newer one of the client had served.',
    why: 'Once the old key is withdrawn, this part of the system is refused.',
    exempt: 'The first hour of a rotation.',
    basis: 'inferred',
    remedy: 'keyVersions',
  },
  'L-HTTP-01': {
    title: 'Control of the simulator in a request',
    severity: 'note',
    condition:
      'A client of the key folder sends an x-mock-* header, or a magic value chose its answer.',
    why: 'It would be sent to AlipayHK too.',
    exempt:
      'The demo client, and clients that were created while the simulator runs: tests do that. ' +
      'Names that only begin like a magic value.',
    basis: 'inferred',
    register: 'G-25',
    remedy: 'control',
  },
  'L-HTTP-02': {
    title: 'No kept connections',
    severity: 'note',
    condition: 'Fifty requests in a row each come on a connection of their own.',
    why: 'Every request pays for a TCP and a TLS handshake.',
    exempt:
      'Connections that a fault or the idle time closed; requests that come rarely or at once.',
    basis: 'inferred',
    remedy: 'connections',
  },
  'L-HTTP-03': {
    title: 'Oddities of the body',
    severity: 'note',
    condition:
      'A byte order mark, a charset other than UTF-8, or empty strings for optional members.',
    why: 'The simulator lets it pass; the real gateway may not.',
    exempt: 'Each is reported once for each client.',
    basis: 'inferred',
    register: 'G-20',
    remedy: 'body',
  },
  'L-OUT-01': {
    title: 'A call that cannot be trusted is acknowledged',
    severity: 'error',
    condition:
      'The merchant answers SUCCESS to a call with a wrong, missing or foreign signature, a changed ' +
      'body or an old Request-Time.',
    why: 'Any program that knows the address could add points, or have an order delivered.',
    exempt: 'Calls that the platform sends as it should.',
    basis: 'documented',
    register: 'OB-19',
    remedy: 'verifyCall',
  },
  'L-OUT-02': {
    title: 'An answer to a call proves nothing',
    severity: 'error',
    condition:
      'The answer of the merchant is unsigned, does not verify, or lacks Client-Id or Response-Time.',
    why: 'It does not acknowledge: the notification is sent again for a day.',
    exempt: 'Refusals of calls that cannot be trusted.',
    basis: 'documented',
    register: 'OB-19',
    remedy: 'verifyCall',
  },
  'L-OUT-03': {
    title: 'An answer to a call without a usable result',
    severity: 'warning',
    condition:
      'The answer of the merchant has another HTTP status than 200, is no JSON, has no result, or ' +
      'contradicts the contract.',
    why: 'It does not acknowledge: the notification is sent again for a day.',
    exempt: 'Refusals of calls that cannot be trusted; a result that is F or U.',
    basis: 'documented',
    register: 'OB-16',
    remedy: 'verifyCall',
  },
  'L-OUT-04': {
    title: 'An answer to a call that comes too late',
    severity: 'warning',
    condition: 'The merchant has not answered within 3 s, or 5 s for a notification.',
    why: 'The user gets an error, or the notification is sent again.',
    exempt: 'Calls that the platform broke off.',
    basis: 'documented',
    register: 'OB-18',
    remedy: 'verifyCall',
  },
} as const satisfies Record<string, LintRule>;
export type LintRuleId = keyof typeof lintRules;

export const isLintRule = (id: string): id is LintRuleId => Object.hasOwn(lintRules, id);

export const lintRule = (id: LintRuleId): LintRule => lintRules[id];
