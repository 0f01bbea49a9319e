import type { OperationId } from '../../domain/contract/contract.ts';
import { bodyCiphers, keyWraps, type SealingScheme } from '../../protocol/sealing.ts';
import { fieldProbes, orderIdQuestions } from './field-probes.ts';
import { clientIdQuestion, gatewayProbes } from './gateway-probes.ts';
import {
  isRefusal,
  isSuccessAnswer,
  type Probe,
  type ProbeAnswer,
  type ProbeQuestion,
  type SearchCandidate,
} from './probe.ts';
import {
  binding,
  card,
  goodOrder,
  hasGoodSignature,
  hasHeader,
  isReadable,
  isRefused,
  observe,
  orderProbe,
  type ProbeAnswers,
  payment,
  readProbeHeader,
  spellsSignature,
  statusAt,
  strictQuestion,
  succeeds,
} from './probe-requests.ts';

const headProbes: readonly Probe[] = [
  {
    id: 'refusals',
    title: 'HTTP status and signature of refusals, before and after the signature check',
    effect: 'none',
    requests: [
      goodOrder,
      orderProbe({ head: { signature: 'broken' } }),
      orderProbe({ rawBody: '{}' }),
    ],
    questions: [
      {
        row: 'G-03',
        decides: { key: 'httpStatus' },
        usual: 'ok',
        alternatives: {
          ok: ([, before, after]) =>
            isReadable(before) &&
            isReadable(after) &&
            before?.httpStatus === 200 &&
            after?.httpStatus === 200,
          semantic: ([, before, after]) =>
            isReadable(before) &&
            isReadable(after) &&
            before?.httpStatus === 401 &&
            after?.httpStatus === 400,
        },
      },
      {
        row: 'G-04',
        decides: { key: 'signRefusals' },
        usual: 'authenticated',
        alternatives: {
          authenticated: ([, before, after]) =>
            isReadable(before) &&
            isReadable(after) &&
            !hasGoodSignature(before) &&
            hasGoodSignature(after),
          always: ([, before, after]) =>
            isReadable(before) &&
            isReadable(after) &&
            hasGoodSignature(before) &&
            hasGoodSignature(after),
          never: ([, before, after]) =>
            isReadable(before) &&
            isReadable(after) &&
            !hasGoodSignature(before) &&
            !hasGoodSignature(after),
        },
      },
      {
        row: 'G-07',
        about: 'of orders and refusals',
        usual: 'result',
        alternatives: {
          result: (answers) => answers.every(({ resultNames }) => resultNames.join() === 'result'),
          resultInfo: (answers) =>
            answers.every(({ resultNames }) => resultNames.join() === 'resultInfo'),
          both: (answers) => answers.every(({ resultNames }) => resultNames.length === 2),
        },
      },
      clientIdQuestion,
    ],
  },
  {
    id: 'answer-headers',
    title: 'names and spelling of the headers of an answer',
    effect: 'writes',
    requests: [goodOrder],
    questions: [
      {
        row: 'G-16',
        decides: { key: 'tracer.alias' },
        usual: 'off',
        alternatives: {
          off: ([answer]) => hasHeader(answer, 'tracer-id') && !hasHeader(answer, 'tracerid'),
          tracerId: ([answer]) => hasHeader(answer, 'tracer-id') && hasHeader(answer, 'tracerid'),
        },
      },
      {
        row: 'G-05',
        usual: 'lower case',
        alternatives: {
          'lower case': spellsSignature('signature'),
          capitalised: spellsSignature('Signature'),
        },
      },
      {
        row: 'G-06',
        usual: 'algorithm, keyVersion, signature, without spaces',
        alternatives: {
          'algorithm, keyVersion, signature, without spaces': ([answer]) =>
            /^algorithm=[^,\s]+,keyVersion=\d+,signature=[^,\s]+$/.test(
              readProbeHeader(answer, 'signature') ?? '',
            ),
        },
      },
    ],
  },
  {
    id: 'accept',
    title: 'whether Accept matters',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ head: { extra: { Accept: 'text/plain' } } })],
    questions: [observe('G-08', 'accepted', 1)],
  },
  {
    id: 'charset',
    title: 'another charset in Content-Type',
    effect: 'none',
    requests: [goodOrder, orderProbe({ head: { contentType: 'application/json; charset=GBK' } })],
    questions: [observe('G-20', 'refused', 1)],
  },
  {
    id: 'request-time-form',
    title: 'an offset without a colon, and a text that is no time',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ requestTimeForm: 'without-colon' }),
      orderProbe({ requestTimeForm: 'malformed' }),
    ],
    questions: [
      {
        row: 'G-09',
        decides: { key: 'requestTime.formats' },
        usual: 'any',
        alternatives: {
          any: succeeds(1),
          documented: isRefused(1, 'PARAM_ILLEGAL', 'TIMESTAMP_INVALID'),
        },
      },
      {
        row: 'G-09',
        decides: { key: 'requestTime.code' },
        usual: 'PARAM_ILLEGAL',
        alternatives: {
          PARAM_ILLEGAL: isRefused(2, 'PARAM_ILLEGAL'),
          TIMESTAMP_INVALID: isRefused(2, 'TIMESTAMP_INVALID'),
        },
      },
    ],
  },
  {
    id: 'request-time-window',
    title: 'how old Request-Time may be',
    effect: 'writes',
    requests: [goodOrder],
    questions: [],
    search: {
      row: 'G-09',
      decides: ['requestTime.window'],
      usual: ['off'],
      until: 'refused',
      otherwise: ['off'],
      candidates: (
        [
          ['1m', 2],
          ['5m', 10],
          ['15m', 30],
          ['1h', 120],
          ['24h', 48 * 60],
        ] as const
      ).map(
        ([window, minutes]): SearchCandidate => ({
          values: [window],
          request: orderProbe({ requestTimeOffsetMs: -minutes * 60_000 }),
        }),
      ),
    },
  },
  {
    id: 'key-version-0',
    title: 'keyVersion=0',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ head: { keyVersion: '0' } })],
    questions: [strictQuestion('G-10', 'keyVersion', 1)],
  },
  {
    id: 'raw-base64',
    title: 'a base64 signature that is not URL-encoded',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ head: { signature: 'raw-base64' } })],
    questions: [
      {
        row: 'G-11',
        decides: { key: 'lenient', member: 'rawBase64Signature' },
        usual: 'off',
        alternatives: { off: isRefused(1, 'PARAM_ILLEGAL'), on: succeeds(1) },
      },
    ],
  },
  {
    id: 'agent-token',
    title: 'an Agent-Token that was never issued',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ head: { extra: { 'Agent-Token': 'calibration' } } })],
    questions: [observe('G-19', 'accepted', 1)],
  },
  {
    id: 'ecc224',
    title: 'how ECC224 signatures are made',
    effect: 'writes',
    requires: [{ needs: 'EC key' }],
    requests: [goodOrder],
    questions: [],
    search: {
      row: 'G-12',
      decides: ['ecc224'],
      usual: ['sha256'],
      until: 'accepted',
      candidates: (['sha256', 'sha224', 'p1363'] as const).map((ecc224) => ({
        values: [ecc224],
        request: orderProbe({ ecc224 }),
      })),
    },
  },
];

/** All readings of RSA_AES, in order of likelihood: the fewer parts differ from the usual, the earlier. */
const sealingSchemes = (): readonly SealingScheme[] => {
  const all = bodyCiphers.flatMap((cipher) =>
    keyWraps.flatMap((wrap) =>
      (['bytes', 'base64'] as const).map((keyForm): SealingScheme => ({ cipher, wrap, keyForm })),
    ),
  );
  const distance = ({ cipher, wrap, keyForm }: SealingScheme): number =>
    Math.min(1, bodyCiphers.indexOf(cipher)) +
    Math.min(1, keyWraps.indexOf(wrap)) +
    (keyForm === 'bytes' ? 0 : 1);
  return all.toSorted((a, b) => distance(a) - distance(b));
};

export const encryptionProbe: Probe = {
  id: 'encryption',
  title: 'how bodies are encrypted',
  effect: 'writes',
  requires: [{ needs: 'platform encryption key' }],
  requests: [],
  questions: [],
  search: {
    row: 'G-13',
    decides: ['encryption.mode', 'encryption.wrap', 'encryption.keyForm'],
    usual: ['ecb', 'pkcs1', 'bytes'],
    until: 'accepted',
    candidates: sealingSchemes().map((scheme) => ({
      values: [scheme.cipher, scheme.wrap, scheme.keyForm],
      request: orderProbe({ encrypt: scheme }),
    })),
  },
};

const encryptionProbes: readonly Probe[] = [
  encryptionProbe,
  {
    id: 'encryption-algorithm',
    title: 'algorithm=RSA in Encrypt',
    effect: 'writes',
    requires: [{ needs: 'platform encryption key' }],
    requests: [
      orderProbe({ control: true, encrypt: true, thing: 'control' }),
      orderProbe({ encrypt: true, head: { encryptAlgorithm: 'RSA' } }),
    ],
    questions: [strictQuestion('G-14', 'encryptAlgorithm', 1)],
  },
  {
    id: 'encrypted-refusal',
    title: 'whether the refusal of an encrypted request is encrypted',
    effect: 'none',
    requires: [{ needs: 'platform encryption key' }],
    requests: [
      orderProbe({ control: true, encrypt: true, thing: 'control' }),
      orderProbe({ encrypt: true, rawBody: '{}' }),
    ],
    questions: [
      {
        row: 'G-23',
        usual: 'encrypted',
        alternatives: {
          encrypted: ([, refusal]) => isReadable(refusal) && refusal?.encrypted === true,
          plain: ([, refusal]) => isReadable(refusal) && refusal?.encrypted === false,
        },
      },
    ],
  },
];

const contractProbes: readonly Probe[] = [
  {
    id: 'unknown-field',
    title: 'a field that the contract does not contain',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ fields: { calProbe: 'x' } })],
    questions: [strictQuestion('G-17', 'unknownFields', 1)],
  },
  {
    id: 'empty-string',
    title: 'an empty text in an optional field',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ fields: { tradeNo: '' } })],
    questions: [strictQuestion('G-27', 'emptyStrings', 1)],
  },
  {
    id: 'seconds',
    title: 'a time in seconds',
    effect: 'writes',
    requests: [
      goodOrder,
      payment({ fields: { paymentDate: Math.floor(Date.UTC(2026, 0, 1) / 1000) } }),
      payment({}),
    ],
    questions: [
      {
        row: 'E-17',
        decides: { key: 'strict', member: 'timestamps' },
        usual: 'off',
        alternatives: {
          off: (answers) => isSuccessAnswer(answers[1]) && isSuccessAnswer(answers[2]),
          on: (answers) => isRefusal(answers[1], 'PARAM_ILLEGAL') && isSuccessAnswer(answers[2]),
        },
      },
    ],
  },
  {
    id: 'extra-fields',
    title: 'an order without the extra fields of its business type',
    effect: 'writes',
    requests: [
      orderProbe({ control: true, example: 'MOVIE_TICKET' }),
      orderProbe({ example: 'MOVIE_TICKET', fields: { extInfo: undefined } }),
    ],
    questions: [
      {
        row: 'E-20',
        decides: { key: 'order.extraFields' },
        usual: 'enforce',
        alternatives: { enforce: isRefused(1, 'PARAM_ILLEGAL'), note: succeeds(1) },
      },
    ],
  },
  {
    id: 'order-user',
    title: 'an order with neither userId nor openId, and with both',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ fields: { userId: undefined, openId: undefined } }),
      orderProbe({ fields: { userId: '2160120074526881', openId: '2160120074526881' } }),
    ],
    questions: [
      {
        row: 'E-03',
        usual: 'one is needed, both are accepted',
        alternatives: {
          'one is needed, both are accepted': (answers) =>
            isRefusal(answers[1], 'PARAM_ILLEGAL') && isSuccessAnswer(answers[2]),
          'one is needed, both are refused': (answers) =>
            isRefusal(answers[1], 'PARAM_ILLEGAL') && isRefusal(answers[2], 'PARAM_ILLEGAL'),
          'none is needed': succeeds(1),
        },
      },
    ],
  },
];

const mismatchQuestion: ProbeQuestion = {
  row: 'I-03',
  decides: { key: 'idempotency.mismatch' },
  usual: 'PARAM_ILLEGAL',
  alternatives: {
    PARAM_ILLEGAL: isRefused(1, 'PARAM_ILLEGAL'),
    REPEAT_REQ_INCONSISTENT: isRefused(1, 'REPEAT_REQ_INCONSISTENT'),
    replay: (answers) => isSuccessAnswer(answers[1]) && statusAt(answers, 1) === 'TICKETED',
  },
};

const idempotencyProbes: readonly Probe[] = [
  {
    id: 'same-id-other-body',
    title: 'one requestId with two bodies',
    effect: 'writes',
    requests: [
      orderProbe({
        control: true,
        thing: 'order',
        message: 'first',
        fields: { orderStatus: 'TICKETED' },
      }),
      orderProbe({
        thing: 'order',
        message: 'first',
        fields: { orderStatus: 'USED' },
        eventSecond: 1,
      }),
    ],
    questions: [mismatchQuestion],
  },
  {
    id: 'same-id-other-layout',
    title: 'one requestId with the same content: in another layout, and with another requestTime',
    effect: 'writes',
    requests: [
      payment({ control: true, thing: 'account', message: 'first', eventSecond: 0 }),
      payment({ thing: 'account', message: 'first', eventSecond: 0, layout: 'spaced' }),
      payment({ thing: 'account', message: 'first', eventSecond: 1 }),
      payment({ thing: 'account', message: 'first', eventSecond: 0, fields: { amount: 1 } }),
    ],
    questions: [
      {
        row: 'I-03',
        decides: { key: 'idempotency.compare' },
        usual: 'body',
        alternatives: {
          body: (answers) =>
            !isSuccessAnswer(answers[1]) && !isSuccessAnswer(answers[2]) && isMismatch(answers[1]),
          content: (answers) => isSuccessAnswer(answers[1]) && isMismatch(answers[2]),
          key: (answers) =>
            isSuccessAnswer(answers[1]) && isSuccessAnswer(answers[2]) && isMismatch(answers[3]),
          'any body': (answers) => [1, 2, 3].every((at) => isSuccessAnswer(answers[at])),
        },
        notDistinguishable: {
          'any body': 'I-03: another body gets the first answer too (idempotency.mismatch replay)',
        },
      },
    ],
  },
  {
    id: 'repeat',
    title: 'the same bytes again, after the order has moved on',
    effect: 'writes',
    requests: [
      orderProbe({
        control: true,
        thing: 'order',
        message: 'first',
        fields: { orderStatus: 'TICKETED' },
      }),
      orderProbe({ control: true, thing: 'order', fields: { orderStatus: 'USED' } }),
      orderProbe({
        thing: 'order',
        message: 'first',
        eventSecond: 0,
        fields: { orderStatus: 'TICKETED' },
      }),
      orderProbe({ thing: 'other' }),
    ],
    questions: [
      ...orderIdQuestions([0, 1, 3]),
      {
        row: 'I-02',
        decides: { key: 'idempotency.replay' },
        usual: 'current',
        alternatives: {
          current: (answers) => isSuccessAnswer(answers[2]) && statusAt(answers, 2) === 'USED',
          first: (answers) => isSuccessAnswer(answers[2]) && statusAt(answers, 2) === 'TICKETED',
        },
      },
    ],
  },
  {
    id: 'id-after-refusal',
    title: 'a corrected body with the requestId of a refused one',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ thing: 'order', message: 'first', fields: { merchantBizType: 7 } }),
      orderProbe({ thing: 'order', message: 'first', eventSecond: 1 }),
    ],
    questions: [observe('I-04', 'accepted', 2)],
  },
];
const orderProbes: readonly Probe[] = [
  {
    id: 'stale',
    title: 'an update that is older than what is held',
    effect: 'writes',
    requests: [
      orderProbe({
        control: true,
        thing: 'order',
        eventSecond: 9,
        fields: { orderStatus: 'TICKETED' },
      }),
      orderProbe({ thing: 'order', eventSecond: 5, fields: { orderStatus: 'USED' } }),
    ],
    questions: [
      {
        row: 'O-01',
        decides: { key: 'ordering.stale' },
        usual: 'ignore',
        alternatives: {
          ignore: (answers) => isSuccessAnswer(answers[1]) && statusAt(answers, 1) === 'TICKETED',
          apply: (answers) => isSuccessAnswer(answers[1]) && statusAt(answers, 1) === 'USED',
          refuse: isRefused(1, 'ORDER_STATUS_INVALID'),
        },
      },
    ],
  },
  {
    id: 'order-identity',
    title: 'one merchantBizNo of two sub-merchants',
    effect: 'writes',
    requests: [
      orderProbe({
        control: true,
        thing: 'order',
        fields: { merchantAccountId: '2160400000002012' },
      }),
      orderProbe({ thing: 'order', fields: { merchantAccountId: '2160400000002013' } }),
    ],
    questions: [
      {
        row: 'O-03',
        decides: { key: 'order.identity' },
        usual: 'account',
        alternatives: {
          account: (answers) => isSuccessAnswer(answers[1]) && !hasSameOrderId(answers),
          merchantBizNo: (answers) => isSuccessAnswer(answers[1]) && hasSameOrderId(answers),
        },
      },
      {
        row: 'E-04',
        about: 'its length',
        usual: '10 to 128 characters',
        alternatives: {
          '10 to 128 characters': ([answer]) =>
            /^.{10,128}$/s.test(String(answer?.fields['orderId'] ?? '')),
        },
      },
    ],
  },
  {
    id: 'identity-drift',
    title: 'another orderCreateTime of the same order',
    effect: 'writes',
    requests: [
      orderProbe({ control: true, thing: 'order' }),
      orderProbe({ thing: 'order', fields: { orderCreateTime: Date.UTC(2026, 0, 1) } }),
    ],
    questions: [
      {
        row: 'O-04',
        decides: { key: 'order.identityDrift' },
        usual: 'refuse',
        alternatives: { refuse: isRefused(1, 'PARAM_ILLEGAL'), ignore: succeeds(1) },
      },
    ],
  },
  {
    id: 'status-machine',
    title: 'a newer update that goes back to an earlier status',
    effect: 'writes',
    requests: [
      orderProbe({ control: true, thing: 'order', fields: { orderStatus: 'USED' } }),
      orderProbe({ thing: 'order', fields: { orderStatus: 'TICKETED' } }),
    ],
    questions: [
      {
        row: 'E-01',
        decides: { key: 'order.statusMachine' },
        usual: 'on',
        alternatives: {
          on: isRefused(1, 'ORDER_STATUS_INVALID'),
          off: (answers) => isSuccessAnswer(answers[1]) && statusAt(answers, 1) === 'TICKETED',
        },
      },
    ],
  },
];

const bindingAndCardProbes: readonly Probe[] = [
  {
    id: 'unknown-unbind',
    title: 'UNBIND of a binding that was never made',
    effect: 'writes',
    requests: [
      binding({ control: true, thing: 'control', fields: { operateType: 'BIND' } }),
      binding({ thing: 'binding', fields: { operateType: 'UNBIND' } }),
    ],
    questions: [
      {
        row: 'E-08',
        decides: { key: 'linkage.unknownUnbind' },
        usual: 'SUCCESS',
        alternatives: { SUCCESS: succeeds(1), PARAM_ILLEGAL: isRefused(1, 'PARAM_ILLEGAL') },
      },
    ],
  },
  {
    id: 'account-types',
    title: 'a made-up type of account',
    effect: 'writes',
    requests: [
      { operation: 'syncAdditionalInfo', control: true, thing: 'control' },
      {
        operation: 'syncAdditionalInfo',
        thing: 'account',
        fields: { type: 'CALPROBE', subType: 'CALPROBE' },
      },
    ],
    questions: [
      {
        row: 'E-15',
        usual: 'any text',
        alternatives: {
          'any text': succeeds(1),
          'a list of types (accountTypes)': isRefused(1, 'PARAM_ILLEGAL'),
        },
      },
    ],
  },
  {
    id: 'unknown-card',
    title: 'an update of an unknown card',
    effect: 'writes',
    requests: [goodOrder, card({})],
    questions: [
      {
        row: 'E-10',
        decides: { key: 'membership.unknownPass' },
        usual: 'SUCCESS',
        alternatives: {
          SUCCESS: succeeds(1),
          PASS_HAS_NOT_EXIST: isRefused(1, 'PASS_HAS_NOT_EXIST'),
        },
      },
      {
        row: 'G-07',
        decides: { key: 'membership.resultName' },
        usual: 'resultInfo',
        alternatives: {
          resultInfo: ([, answer]) => answer?.resultNames.join() === 'resultInfo',
          result: ([, answer]) => answer?.resultNames.join() === 'result',
          both: ([, answer]) => answer?.resultNames.length === 2,
        },
      },
    ],
  },
  {
    id: 'close-without-detail',
    title: 'CLOSED without updateDetailType; closes a card with the calibration’s own number',
    effect: 'writes',
    requests: [goodOrder, card({ fields: { status: 'CLOSED', updateDetailType: undefined } })],
    questions: [
      {
        row: 'E-12',
        decides: { key: 'strict', member: 'updateDetailType' },
        usual: 'off',
        alternatives: {
          off: (answers) =>
            isSuccessAnswer(answers[1]) || isRefusal(answers[1], 'PASS_HAS_NOT_EXIST'),
          on: isRefused(1, 'PARAM_ILLEGAL'),
        },
      },
    ],
  },
  {
    id: 'closed-card',
    title: 'an update of a closed card',
    effect: 'irreversible',
    onRequest: true,
    requires: [{ row: 'E-10', key: 'membership.unknownPass', value: 'SUCCESS' }],
    requests: [
      card({ control: true }),
      card({ control: true, fields: { status: 'CLOSED' } }),
      card({}),
    ],
    questions: [
      {
        row: 'E-11',
        decides: { key: 'membership.closedPass' },
        usual: 'PASS_UPDATE_FAIL',
        alternatives: { PASS_UPDATE_FAIL: isRefused(2, 'PASS_UPDATE_FAIL'), SUCCESS: succeeds(2) },
      },
    ],
  },
  {
    id: 'expired-card',
    title: 'an update of a card whose endDate has passed',
    effect: 'irreversible',
    onRequest: true,
    requires: [{ row: 'E-10', key: 'membership.unknownPass', value: 'SUCCESS' }],
    requests: [card({ control: true, fields: { endDate: Date.UTC(2026, 0, 1) } }), card({})],
    questions: [
      {
        row: 'E-23',
        decides: { key: 'membership.expiredPass' },
        usual: 'SUCCESS',
        alternatives: { SUCCESS: succeeds(1), PASS_UPDATE_FAIL: isRefused(1, 'PASS_UPDATE_FAIL') },
      },
    ],
  },
];

/** Whether an operation takes plain bodies, encrypted ones, or both. */
export const encryptionNeedProbe = (operation: OperationId): Probe => ({
  id: `encryption-need-${operation}`,
  title: `whether ${operation} takes plain and encrypted bodies`,
  effect: 'writes',
  requires: [{ needs: 'platform encryption key' }],
  requests: [
    { operation, encrypt: false },
    { operation, encrypt: true },
  ],
  questions: [
    {
      row: 'G-15',
      decides: { key: 'clients', operation },
      usual: 'optional',
      alternatives: {
        optional: (answers) => answers.every(isNotContractRefusal),
        required: ([plain, encrypted]) =>
          isRefusal(plain, 'PARAM_ILLEGAL') && isNotContractRefusal(encrypted),
        forbidden: ([plain, encrypted]) =>
          isNotContractRefusal(plain) && isRefusal(encrypted, 'PARAM_ILLEGAL'),
      },
    },
  ],
});

/** A card that does not exist is refused after its body was accepted. */
const isNotContractRefusal = (answer: ProbeAnswer | undefined): boolean =>
  isSuccessAnswer(answer) || isRefusal(answer, 'PASS_HAS_NOT_EXIST');

const hasSameOrderId = ([first, second]: ProbeAnswers): boolean =>
  first?.fields['orderId'] !== undefined && first.fields['orderId'] === second?.fields['orderId'];

/** Every probe in the order in which they are sent: what later ones rest on comes first. */
export const probeTable: readonly Probe[] = [
  ...encryptionProbes.slice(0, 1),
  ...headProbes,
  ...gatewayProbes,
  ...encryptionProbes.slice(1),
  ...contractProbes,
  ...idempotencyProbes,
  ...orderProbes,
  ...bindingAndCardProbes,
  ...fieldProbes,
];

/** Rows that are never probed, with the reason. */
export const notProbed: Readonly<Record<string, string>> = {
  'G-18': 'cannot be provoked safely; it is noted when it is seen',
  'G-25': 'is the simulator’s own',
  'G-28': 'a failure of the platform cannot be provoked',
  'G-29': 'texts are kept in the transcript, and decide nothing',
  'G-32': 'answers echo no number',
  'G-33': 'the platform signs with one key at a time; the transcript names its version',
  'G-34': 'cannot be provoked; a result that no table lists is reported where it comes',
  'G-35': 'what the platform records cannot be seen',
  'G-36': 'what the platform records cannot be seen',
  'I-05': 'would need millions of requests',
  ...Object.fromEntries(
    Array.from({ length: 19 }, (_, index) => [
      `OB-${String(index + 1).padStart(2, '0')}`,
      'AlipayHK makes these calls, and calibrate only sends',
    ]),
  ),
};

const isMismatch = (answer: ProbeAnswer | undefined): boolean =>
  isRefusal(answer, 'PARAM_ILLEGAL', 'REPEAT_REQ_INCONSISTENT');

/** Settings of the register that no probe decides, with the reason. */
export const notDecided: Readonly<Record<string, string>> = {
  basePath: 'part of the paths, which are found whole',
  accountTypes: 'that there is a list is found (E-15), not what is in it',
  'clients.agentToken':
    'whether the header is checked is found (G-19); the value is the merchant’s',
  'idempotency.max': 'would need millions of requests (I-05)',
  'limits.depth': 'fields that the contract contains are not nested so deep',
  'lenient.weakKeys': 'would need a key that AlipayHK does not register',
  messages: 'texts decide nothing (G-29)',
  wirePure: 'the simulator’s own headers (G-29)',
  steering: 'the simulator’s own (G-25)',
  'outbound.retryOn': 'AlipayHK makes these calls, and calibrate only sends',
  'outbound.schedule': 'AlipayHK makes these calls, and calibrate only sends',
  'outbound.timeoutMs': 'AlipayHK makes these calls, and calibrate only sends',
};
