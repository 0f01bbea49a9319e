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
  readonly why: string;
  readonly basis: Basis;
  readonly register?: RegisterId;
  readonly remedy: LintRemedyId;
}

/** The rules by id. Ids are never reused. */
export const lintRules = {
  'L-RTY-01': {
    title: 'A new requestId after an unknown outcome',
    severity: 'error',
    why: 'AlipayHK may have the first one already: the change is then made twice.',
    basis: 'documented',
    register: 'I-02',
    remedy: 'sameMessage',
  },
  'L-RTY-02': {
    title: 'Sent again after a final refusal',
    severity: 'error',
    why: 'The same request gets the same refusal. Whatever is wrong with it stays undetected.',
    basis: 'sibling',
    register: 'G-18',
    remedy: 'stopOnFinal',
  },
  'L-RTY-03': {
    title: 'A changed body under one requestId',
    severity: 'error',
    why: 'A requestId identifies one message: the second body is refused or ignored.',
    basis: 'documented',
    register: 'I-03',
    remedy: 'keepBody',
  },
  'L-RTY-04': {
    title: 'Sent again after a success',
    severity: 'warning',
    why: 'It is harmless once, and hides a client that does not store the outcome.',
    basis: 'inferred',
    remedy: 'stopOnFinal',
  },
  'L-RTY-05': {
    title: 'An old signature sent again',
    severity: 'warning',
    why: 'A gateway that checks Request-Time refuses it, at the latest after some minutes.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'signEachAttempt',
  },
  'L-RTY-06': {
    title: 'The HTTP library repeats requests',
    severity: 'note',
    why: 'More attempts are made than the application counts.',
    basis: 'inferred',
    remedy: 'libraryRetries',
  },
  'L-RTY-07': {
    title: 'Retries without a pause',
    severity: 'error',
    why: 'A platform that is overloaded gets more load, and the traffic limit follows.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-08': {
    title: 'Retries without an end',
    severity: 'error',
    why: 'The printed plan ends after six. No person learns of a message that is retried forever.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-09': {
    title: 'A message abandoned with an unknown outcome',
    severity: 'warning',
    why: 'The merchant does not know whether AlipayHK has it, and neither does the user.',
    basis: 'documented',
    remedy: 'outbox',
  },
  'L-RTY-10': {
    title: 'The traffic limit ignored',
    severity: 'warning',
    why: 'The limit counts those requests too, so it lasts longer.',
    basis: 'documented',
    remedy: 'pauses',
  },
  'L-RTY-11': {
    title: 'Refused for its signature again and again',
    severity: 'error',
    why: 'No repetition repairs a signature. Nothing of this client arrives.',
    basis: 'documented',
    register: 'G-01',
    remedy: 'signature',
  },
  'L-ID-01': {
    title: 'One requestId for two operations',
    severity: 'warning',
    why:
      'It is not documented whether a requestId must be unique within an operation or within a ' +
      'client.',
    basis: 'inferred',
    register: 'I-01',
    remedy: 'requestIds',
  },
  'L-ID-02': {
    title: 'The requestId is the business number',
    severity: 'error',
    why: 'The second message about it has the same requestId, so it is taken for a repetition.',
    basis: 'documented',
    register: 'I-02',
    remedy: 'requestIds',
  },
  'L-ID-03': {
    title: 'Predictable requestIds',
    severity: 'note',
    why: 'A counter that is lost or restored repeats ids, and their messages are ignored.',
    basis: 'inferred',
    remedy: 'requestIds',
  },
  'L-TIM-01': {
    title: 'The clock differs',
    severity: 'error',
    why: 'A gateway that checks Request-Time refuses every request.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'clock',
  },
  'L-TIM-02': {
    title: 'The clock is not read again',
    severity: 'warning',
    why: 'It is read once instead of for each attempt, and gets too old.',
    basis: 'sibling',
    register: 'G-09',
    remedy: 'signEachAttempt',
  },
  'L-TIM-03': {
    title: 'No timeout',
    severity: 'error',
    why: 'A thread or connection waits for an answer that never comes, until none is left.',
    basis: 'sibling',
    remedy: 'timeout',
  },
  'L-TIM-04': {
    title: 'No patience',
    severity: 'warning',
    why: 'Every slow answer becomes an unknown outcome and another request.',
    basis: 'sibling',
    remedy: 'timeout',
  },
  'L-TIM-05': {
    title: 'Request-Time in an undocumented form',
    severity: 'note',
    why: 'The real gateway may refuse it.',
    basis: 'documented',
    register: 'G-09',
    remedy: 'clock',
  },
  'L-ORD-01': {
    title: 'The event time does not rise',
    severity: 'error',
    why: 'AlipayHK takes it for an old one and ignores it, with an answer that says SUCCESS.',
    basis: 'documented',
    register: 'O-02',
    remedy: 'eventTime',
  },
  'L-ORD-02': {
    title: 'Constants of an order change',
    severity: 'error',
    why: 'The documents say that they do not change: the message is refused.',
    basis: 'documented',
    register: 'O-04',
    remedy: 'eventTime',
  },
  'L-ORD-03': {
    title: 'Asks again for a refused status',
    severity: 'error',
    why: 'The order or card cannot go there. Repeating it hides that merchant and AlipayHK disagree.',
    basis: 'documented',
    register: 'E-01',
    remedy: 'orderStatus',
  },
  'L-ORD-04': {
    title: 'Two messages about one thing at once',
    severity: 'error',
    why: 'Which one arrives first is not known, so the older one may win.',
    basis: 'inferred',
    remedy: 'oneAtATime',
  },
  'L-ORD-05': {
    title: 'Continues without knowing the outcome',
    severity: 'error',
    why: 'The client has taken an unknown or untrusted answer for a success.',
    basis: 'documented',
    register: 'G-18',
    remedy: 'outbox',
  },
  'L-SIG-01': {
    title: 'Sometimes encrypted, sometimes not',
    severity: 'warning',
    why: 'Personal data that is meant to be encrypted leaves in the clear.',
    basis: 'inferred',
    register: 'G-15',
    remedy: 'encryption',
  },
  'L-SIG-02': {
    title: 'One symmetric key for several messages',
    severity: 'warning',
    why: 'Equal texts look equal, and one key that leaks opens all of them.',
    basis: 'inferred',
    register: 'G-13',
    remedy: 'encryption',
  },
  'L-SIG-03': {
    title: 'An old key version',
    severity: 'note',
    why: 'Once the old key is withdrawn, this part of the system is refused.',
    basis: 'inferred',
    remedy: 'keyVersions',
  },
  'L-HTTP-01': {
    title: 'Control of the simulator in a request',
    severity: 'note',
    why: 'It would be sent to AlipayHK too.',
    basis: 'inferred',
    register: 'G-25',
    remedy: 'control',
  },
  'L-HTTP-02': {
    title: 'No kept connections',
    severity: 'note',
    why: 'Every request pays for a TCP and a TLS handshake.',
    basis: 'inferred',
    remedy: 'connections',
  },
  'L-HTTP-03': {
    title: 'Oddities of the body',
    severity: 'note',
    why: 'The simulator lets it pass; the real gateway may not.',
    basis: 'inferred',
    register: 'G-20',
    remedy: 'body',
  },
  'L-OUT-01': {
    title: 'A call that cannot be trusted is acknowledged',
    severity: 'error',
    why: 'Any program that knows the address could add points, or have an order delivered.',
    basis: 'documented',
    register: 'OB-19',
    remedy: 'verifyCall',
  },
  'L-OUT-02': {
    title: 'An answer to a call proves nothing',
    severity: 'error',
    why: 'It does not acknowledge: the notification is sent again for a day.',
    basis: 'documented',
    register: 'OB-19',
    remedy: 'verifyCall',
  },
  'L-OUT-03': {
    title: 'An answer to a call without a usable result',
    severity: 'warning',
    why: 'It does not acknowledge: the notification is sent again for a day.',
    basis: 'documented',
    register: 'OB-16',
    remedy: 'verifyCall',
  },
  'L-OUT-04': {
    title: 'An answer to a call that comes too late',
    severity: 'warning',
    why: 'The user gets an error, or the notification is sent again.',
    basis: 'documented',
    register: 'OB-18',
    remedy: 'verifyCall',
  },
} as const satisfies Record<string, LintRule>;
export type LintRuleId = keyof typeof lintRules;

export const isLintRule = (id: string): id is LintRuleId => Object.hasOwn(lintRules, id);

export const lintRule = (id: LintRuleId): LintRule => lintRules[id];

export interface LintCondition {
  /** When a rule is found, in one sentence. */
  readonly condition: string;
  /** What looks alike and is not found. */
  readonly exempt: string;
}

/** The conditions of the rules; apart from them, for the console does not show these. */
export const lintConditions: Readonly<Record<LintRuleId, LintCondition>> = {
  'L-RTY-01': {
    condition:
      'A message whose outcome is unknown is followed by one with another requestId that reports ' +
      'the same.',
    exempt:
      'Another event time after more than ten minutes is a warning: a person may have sent it ' +
      'again. So is one after the first message had been repeated. An event in between, such as ' +
      'UNBIND between two BIND.',
  },
  'L-RTY-02': {
    condition: 'A message is sent again, unchanged, after a signed F had been delivered.',
    exempt:
      'UNKNOWN_EXCEPTION with F, which some pages ask to repeat; an attempt that was on its way; ' +
      'the copy that a proxy makes; the next one after an answer that took over a second, on another ' +
      'connection. ' +
      'After ten minutes it is a note; codes that depend on more than the message are a warning.',
  },
  'L-RTY-03': {
    condition: 'Two attempts with one requestId have different bodies.',
    exempt:
      'The same JSON in another layout is a warning. Encrypted bodies that were not decrypted. A ' +
      'body that is corrected after the gateway refused it.',
  },
  'L-RTY-04': {
    condition: 'A message is sent again after a signed S had been delivered.',
    exempt:
      'The first two times are a note: queues deliver at least once. updateMembershipCard, whose ' +
      'messages have no requestId. The copy that a proxy makes. The next one after an answer that ' +
      'took over a second, on another connection: the client may have given up.',
  },
  'L-RTY-05': {
    condition: 'A retry a second or more later carries the Request-Time and Signature of before.',
    exempt:
      'What an HTTP library repeats by itself within a second. Times in whole seconds: three ' +
      'seconds count.',
  },
  'L-RTY-06': {
    condition: 'The same header lines arrive again within a second after an attempt that was lost.',
    exempt: 'Reported once for each client.',
  },
  'L-RTY-07': {
    condition:
      'A message is repeated within 100 ms after an attempt had ended without a final answer: the ' +
      'second time is an error. Five attempts within 10 s whose pauses do not grow, or pauses that ' +
      'shrink by half, are a warning.',
    exempt:
      'What an HTTP library repeats, and the copy that a proxy makes. A single short pause, as ' +
      'after a restart. Random pauses of which most are long. Scaled pauses: set lint.pauseFactor.',
  },
  'L-RTY-08': {
    condition: 'A message without a final answer is attempted 13 times; from 30 on it is an error.',
    exempt: 'Messages with a final answer, and what an HTTP library repeats.',
  },
  'L-RTY-09': {
    condition:
      'A message without a final answer is not sent again for lint.abandonedAfter until the ' +
      'observation ends.',
    exempt:
      'Genuine refusals. Messages in a long pause of the printed plan, or in one that is not much ' +
      'longer than others of the client. Clients that were deleted or reset before that time was ' +
      'over.',
  },
  'L-RTY-10': {
    condition:
      'Within a second after REQUEST_TRAFFIC_EXCEED_LIMIT the message is sent again, or three ' +
      'others of the operation are.',
    exempt:
      'Attempts that were on their way, and other connections of a client with several workers.',
  },
  'L-RTY-11': {
    condition:
      'Three requests in a row are refused with INVALID_SIGNATURE, KEY_NOT_FOUND or ' +
      'INVALID_CLIENT, for one cause.',
    exempt: 'Refusals that a scenario made.',
  },
  'L-ID-01': {
    condition: 'A requestId is used under two operations of one client.',
    exempt: 'None.',
  },
  'L-ID-02': {
    condition: 'A requestId equals a value that names the order, account, binding or card.',
    exempt: 'It is a note until the requestId is used for a second body.',
  },
  'L-ID-03': {
    condition: 'Twenty requestIds in a row are numbers that rise by less than 1000.',
    exempt: 'Ids with a prefix: letters, or the date.',
  },
  'L-TIM-01': {
    condition:
      'The median difference between Request-Time and arrival over three or more messages is over ' +
      '60 s; over 300 s it is an error.',
    exempt: 'Clients whose clock in the simulator was moved or held.',
  },
  'L-TIM-02': {
    condition: 'Three messages over more than 3 s carry one Request-Time.',
    exempt:
      'Times in whole seconds, which agree within one. Clocks that were moved or held. Time in ' +
      'which an answer was awaited: what follows may have been signed before.',
  },
  'L-TIM-03': {
    condition:
      'An attempt without a complete answer stays open for 30 s, and the server does not end it; ' +
      'from 60 s on it is an error.',
    exempt: 'Attempts that the server ended. An answer that arrives drop by drop is a warning.',
  },
  'L-TIM-04': {
    condition: 'The client ends three attempts within 3 s while the answer is only delayed.',
    exempt:
      'Fewer than three, which tests of a timeout need. Attempts that end together, or after very ' +
      'different times: a client that stops.',
  },
  'L-TIM-05': {
    condition: 'Request-Time is written in a form that the documents do not show.',
    exempt: 'Reported once for each client.',
  },
  'L-ORD-01': {
    condition:
      'A new message with other content has an event time that is not greater than that of an ' +
      'earlier message about the same thing.',
    exempt:
      'Repetitions. Messages that were refused do not count. Messages in flight at the same time ' +
      'belong to L-ORD-04. Account operations are a warning.',
  },
  'L-ORD-02': {
    condition:
      'orderCreateTime differs from that of the first message; merchantBizType is a warning.',
    exempt: 'Messages that were refused do not count as the first.',
  },
  'L-ORD-03': {
    condition:
      'After ORDER_STATUS_INVALID or PASS_UPDATE_FAIL had been delivered, another message asks for ' +
      'the same status.',
    exempt:
      'Another status was accepted in between, or this one is accepted now. One repetition for a ' +
      'card whose CLOSED was lost.',
  },
  'L-ORD-04': {
    condition: 'Two messages about one order, account, binding or card are in flight together.',
    exempt:
      'It is a warning unless the later one has an event time that is not newer. An answer that ' +
      'takes more than three seconds: the client may have given up.',
  },
  'L-ORD-05': {
    condition:
      'A message with an unknown outcome is followed by one with another status, and is not sent ' +
      'again for lint.abandonedAfter until the observation ends.',
    exempt:
      'The first message is sent again later. Long pauses of the printed plan, or of the client.',
  },
  'L-SIG-01': {
    condition: 'Messages about one thing are encrypted and not encrypted within one operation.',
    exempt: 'Different orders, accounts, bindings or cards. A client that encrypts from then on.',
  },
  'L-SIG-02': {
    condition: 'Two messages were encrypted with the same symmetric key.',
    exempt: 'Attempts of one message.',
  },
  'L-SIG-03': {
    condition:
      'A signature names an older version an hour after a newer one of the client had served.',
    exempt: 'The first hour of a rotation.',
  },
  'L-HTTP-01': {
    condition:
      'A client of the key folder sends an x-mock-* header, or a magic value chose its answer.',
    exempt:
      'The demo client, and clients that were created while the simulator runs: tests do that. ' +
      'Names that only begin like a magic value.',
  },
  'L-HTTP-02': {
    condition: 'Fifty requests in a row each come on a connection of their own.',
    exempt:
      'Connections that a fault or the idle time closed; requests that come rarely or at once.',
  },
  'L-HTTP-03': {
    condition:
      'A byte order mark, a charset other than UTF-8, or empty strings for optional members.',
    exempt: 'Each is reported once for each client.',
  },
  'L-OUT-01': {
    condition:
      'The merchant answers SUCCESS to a call with a wrong, missing or foreign signature, a changed ' +
      'body or an old Request-Time.',
    exempt: 'Calls that the platform sends as it should.',
  },
  'L-OUT-02': {
    condition:
      'The answer of the merchant is unsigned, does not verify, or lacks Client-Id or Response-Time.',
    exempt: 'Refusals of calls that cannot be trusted.',
  },
  'L-OUT-03': {
    condition:
      'The answer of the merchant has another HTTP status than 200, is no JSON, has no result, or ' +
      'contradicts the contract.',
    exempt: 'Refusals of calls that cannot be trusted; a result that is F or U.',
  },
  'L-OUT-04': {
    condition: 'The merchant has not answered within 3 s, or 5 s for a notification.',
    exempt: 'Calls that the platform broke off.',
  },
};
