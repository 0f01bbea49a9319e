import type { Contract, Operation, OperationId } from '../../domain/contract/contract.ts';
import { securityFaults, wireFaults } from '../../domain/faults/catalogue.ts';
import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import type { SignatureAlgorithm } from '../../protocol/signatures.ts';

/** The dimensions of coverage; there is no product of them. */
export const coverageGroups = {
  A: 'result codes of the operations',
  B: 'refusals of the gateway',
  C: 'S, F and U',
  D: 'wire faults after the commit',
  E: 'answers lost after the commit',
  F: 'answers that prove nothing',
  G: 'signature and encryption',
  H: 'statuses of orders',
  I: 'reactions',
  J: 'calls that AlipayHK makes',
  K: 'faults of these calls',
} as const;
export type CoverageGroupId = keyof typeof coverageGroups;

/** One thing that a suite can have covered. */
export interface CoverageItem {
  readonly group: CoverageGroupId;
  /** Unique within its group: `syncOrder PARAM_ILLEGAL`. */
  readonly id: string;
  /** Shown, and not counted. */
  readonly isOptional: boolean;
  /** A one-shot rule that produces it, as JSON; undefined: the client has to do it. */
  readonly oneShot: object | undefined;
  /** What to do, in a sentence. */
  readonly how: string;
}

/** What the integration does: the rest is in no denominator. */
export interface Integration {
  readonly operations: readonly OperationId[];
  readonly modes: readonly CryptoMode[];
  /** merchantBizTypes of the orders. */
  readonly orderTypes: readonly string[];
  /** What AlipayHK calls, as `openapi/outbound.yaml` names it. */
  readonly calls?: readonly string[];
}

export interface CryptoMode {
  readonly algorithm: SignatureAlgorithm;
  readonly sealed: boolean;
}

export interface ItemOptions {
  /** Result codes that are only inferred are left out. */
  readonly documentedOnly: boolean;
  /** Whether a requestId with another body gets a code of its own. */
  readonly hasInconsistentCode: boolean;
}

const requiredRefusals = [
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'INVALID_CLIENT',
  'ACCESS_DENIED',
  'REQUEST_TRAFFIC_EXCEED_LIMIT',
  'PROCESS_FAIL',
] as const;
const optionalRefusals = [
  'INVALID_API',
  'METHOD_NOT_SUPPORTED',
  'MEDIA_TYPE_NOT_ACCEPTABLE',
] as const;

export const gatewayRefusals: ReadonlySet<string> = new Set([
  ...requiredRefusals,
  ...optionalRefusals,
]);

/** Classes of operations whose messages are repeated in the same way. */
export const operationClass = (operation: string): 'order' | 'card' | 'account' =>
  operation === 'syncOrder' ? 'order' : operation === 'updateMembershipCard' ? 'card' : 'account';

export const reactions = {
  'repeated after U': 'Answer U, and let the client send the same message again.',
  'repeated after a lost answer': 'Lose the answer, and let the client send the message again.',
  'repeated after an untrusted answer':
    'Send an answer that proves nothing, and let the client send the message again.',
  'stopped after F': 'Answer F, and let the client stop.',
  'duplicate accepted': 'Lose the answer after the commit; the repetition gets the first result.',
  'stale noticed': 'Send an update whose event time is not newer than the one before.',
  'end of retries': 'Answer U at every attempt, until the client stops by itself.',
} as const;
export type Reaction = keyof typeof reactions;

/** Of cards: their messages have no requestId and no event time. */
const notOfCards: ReadonlySet<string> = new Set<Reaction>(['duplicate accepted', 'stale noticed']);

/** Everything that an integration can be expected to handle, by group. */
export const listItems = (
  contract: Contract,
  { operations, modes, orderTypes, calls = [] }: Integration,
  options: ItemOptions,
): readonly CoverageItem[] => {
  const known = operations.flatMap((id) => contract.operations.get(id) ?? []);
  // A rule names its operation, also before anything is integrated.
  const [first = 'syncOrder'] = operations;
  const isSealed = modes.some(({ sealed }) => sealed);
  return [
    ...known.flatMap((operation) => resultItems(operation, options)),
    ...[...requiredRefusals, ...optionalRefusals].map((code) => ({
      ...scriptedItem('B', code, first, { result: code }),
      isOptional: !isRequired(code),
    })),
    ...known.flatMap(({ id }) =>
      (['S', 'F', 'U'] as const).map((status) =>
        scriptedItem('C', `${id} ${status}`, id, resultWith(status)),
      ),
    ),
    ...Object.entries(wireFaults).flatMap(([id, { phases }]) => [
      scriptedItem('D', id, first, { fault: id }),
      ...phases
        .filter((phase) => phase === 'before-commit')
        .map((phase) => ({
          ...scriptedItem('D', `${id} before`, first, { fault: { id, phase } }),
          isOptional: true,
        })),
    ]),
    ...known.map(({ id }) => scriptedItem('E', id, id, { fault: 'reset' })),
    ...Object.entries(securityFaults)
      .filter(([, { concerns }]) => concerns !== 'sealing' || isSealed)
      .map(([id]) => scriptedItem('F', id, first, { security: id })),
    ...known.flatMap(({ id }) => modes.map((mode) => modeItem(id, mode))),
    ...orderTypes.flatMap((type) => statusItems(contract, type)),
    ...reactionItems(operations),
    ...callItems(calls),
  ];
};

/** Who is called should have seen each fault once: they are about the way of calling. */
const callItems = (calls: readonly string[]): readonly CoverageItem[] => {
  const [first] = calls;
  if (first === undefined) return [];
  const command = /notify$/.test(first) ? 'notify' : 'query';
  return [
    ...calls.flatMap((call) => [
      byClient('J', call, 'Let AlipayHK call your server.', false),
      byClient('J', `${call} sent again`, 'Do not acknowledge at first.', true),
    ]),
    ...Object.keys(outboundFaults).map((fault) =>
      byClient('K', fault, `alipayhk-mock ${command} ${first} --fault ${fault}`, false),
    ),
  ];
};

const isRequired = (code: string): boolean =>
  (requiredRefusals as readonly string[]).includes(code);

const resultWith = (status: 'S' | 'F' | 'U'): object =>
  ({
    S: { result: 'SUCCESS' },
    F: { result: 'PARAM_ILLEGAL' },
    U: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
  })[status];

/** Of items for which the rule is enough. */
export const queueRule = 'Queue this rule for the client, and let it send.';

const scriptedItem = (
  group: CoverageGroupId,
  id: string,
  operation: string,
  then: object,
): CoverageItem => ({
  group,
  id,
  isOptional: false,
  oneShot: { when: { operation }, then },
  how: queueRule,
});

const resultItems = (operation: Operation, options: ItemOptions): readonly CoverageItem[] =>
  operation.ownResultCodes
    .filter((code) => code !== 'REPEAT_REQ_INCONSISTENT' || options.hasInconsistentCode)
    .filter((code) => !options.documentedOnly || operation.results.get(code)?.basis !== 'inferred')
    .map((code) => scriptedItem('A', `${operation.id} ${code}`, operation.id, { result: code }));

export const modeId = (operation: string, { algorithm, sealed }: CryptoMode): string =>
  `${operation} ${algorithm} ${sealed ? 'encrypted' : 'plain'}`;

const modeItem = (operation: OperationId, mode: CryptoMode): CoverageItem => ({
  group: 'G',
  id: modeId(operation, mode),
  isOptional: false,
  oneShot: undefined,
  how: `Let the client sign with ${mode.algorithm}${mode.sealed ? ' and encrypt' : ''}.`,
});

const statusItems = (contract: Contract, type: string): readonly CoverageItem[] => {
  const machine = contract.statusMachines.get(type) ?? new Map();
  return [...machine].flatMap(([status, { next, legacy }]) => [
    byClient('H', `${type} ${status}`, `Report an order as ${status}.`, legacy),
    ...[...next]
      .filter((after) => after !== status)
      .map((after) =>
        byClient(
          'H',
          `${type} ${status} → ${after}`,
          `Report ${after} after ${status} of one order.`,
          true,
        ),
      ),
  ]);
};

/** What lets a client of each class show its reactions; a stale update is the client's own. */
const reactionRules: Readonly<Partial<Record<string, object>>> = {
  'repeated after U': { then: resultWith('U') },
  'repeated after a lost answer': { then: { fault: 'reset' } },
  'repeated after an untrusted answer': { then: { security: 'unsigned' } },
  'stopped after F': { then: resultWith('F') },
  'duplicate accepted': { then: { fault: 'reset' } },
  'end of retries': { then: resultWith('U'), times: 12 },
};

/** One operation of each class is enough. */
const reactionItems = (operations: readonly OperationId[]): readonly CoverageItem[] => {
  const classes = operations.map(operationClass);
  return operations
    .filter((_, at) => classes.indexOf(classes[at] ?? 'order') === at)
    .flatMap((operation) =>
      Object.entries(reactions)
        .filter(([name]) => operationClass(operation) !== 'card' || !notOfCards.has(name))
        .map(([name, how]) => {
          const rule = reactionRules[name];
          const oneShot = rule === undefined ? undefined : { when: { operation }, ...rule };
          const id = `${operationClass(operation)} ${name}`;
          return { ...byClient('I', id, how, false), oneShot };
        }),
    );
};

const byClient = (
  group: CoverageGroupId,
  id: string,
  how: string,
  isOptional: boolean,
): CoverageItem => ({ group, id, isOptional, oneShot: undefined, how });
