import type { Probe, ProbeAnswer, ProbeQuestion, ProbeRequest } from './probe.ts';
import {
  goodOrder,
  hasHeader,
  isRefused,
  isRefusedAfterSignature,
  observe,
  orderProbe,
  type ProbeAnswers,
  statusAt,
  succeeds,
} from './probe-requests.ts';

/** A mistake in a request, and the code that the simulator has for it. */
interface Fault {
  readonly what: string;
  readonly code: string;
  readonly request: Partial<ProbeRequest>;
}

/** In the order in which the simulator checks. */
const faults: readonly Fault[] = [
  { what: 'path', code: 'INVALID_API', request: { path: '/api/open/calibration/unknown' } },
  { what: 'method', code: 'METHOD_NOT_SUPPORTED', request: { method: 'GET' } },
  {
    what: 'media type',
    code: 'MEDIA_TYPE_NOT_ACCEPTABLE',
    request: { head: { contentType: 'text/html' } },
  },
  { what: 'header', code: 'PARAM_ILLEGAL', request: { head: { omitted: 'Request-Time' } } },
  {
    what: 'client',
    code: 'INVALID_CLIENT',
    request: { head: { clientId: 'CALIBRATION0UNKNOWN' } },
  },
  { what: 'key version', code: 'KEY_NOT_FOUND', request: { head: { keyVersion: '99' } } },
  { what: 'signature', code: 'INVALID_SIGNATURE', request: { head: { signature: 'broken' } } },
  { what: 'contract', code: 'PARAM_ILLEGAL', request: { rawBody: '{}' } },
];

const gatewayCodes = [...new Set([...faults.map(({ code }) => code), 'ACCESS_DENIED'])];

const neighbours = faults.flatMap((first, at): readonly (readonly [Fault, Fault])[] => {
  const second = faults[at + 1];
  return second === undefined ? [] : [[first, second]];
});

const observeText = (
  row: ProbeQuestion['row'],
  about: string,
  [usual, other]: readonly [usual: string, other: string],
  at: number,
): ProbeQuestion => ({
  row,
  about,
  usual,
  alternatives: { [usual]: succeeds(at), [other]: isRefusedAfterSignature(at) },
});

/** What a gateway checks before it looks at what a request is about. */
export const gatewayProbes: readonly Probe[] = [
  {
    id: 'faults',
    title: 'one mistake at a time, from the path to the contract',
    effect: 'none',
    requests: [goodOrder, ...faults.map(({ request }) => orderProbe(request))],
    questions: faults.map(
      ({ what, code }, at): ProbeQuestion => ({
        row: 'G-02',
        about: what,
        usual: code,
        alternatives: Object.fromEntries(gatewayCodes.map((one) => [one, isRefused(at + 1, one)])),
      }),
    ),
  },
  {
    id: 'check-order',
    title: 'two mistakes at a time: which of them decides the code',
    effect: 'none',
    requests: [
      goodOrder,
      ...neighbours.map(([first, second]) =>
        orderProbe({
          ...first.request,
          ...second.request,
          head: { ...first.request.head, ...second.request.head },
        }),
      ),
    ],
    questions: neighbours.map(
      ([first, second], at): ProbeQuestion => ({
        row: 'G-01',
        about: `${first.what} and ${second.what}`,
        usual: `${first.what} first`,
        alternatives: {
          [`${first.what} first`]: isRefused(at + 1, first.code),
          [`${second.what} first`]: isRefused(at + 1, second.code),
        },
      }),
    ),
  },
  {
    id: 'pair-forms',
    title: 'other spellings of the pairs in Signature',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ head: { signature: 'reordered' } }),
      orderProbe({ head: { signature: 'with-spaces' } }),
      orderProbe({ head: { signature: 'without-algorithm' } }),
      orderProbe({ head: { signature: 'lower-case' } }),
      orderProbe({ head: { signature: 'without-version' } }),
    ],
    questions: [
      { ...observe('G-10', 'accepted', 1), about: 'another order' },
      { ...observe('G-10', 'accepted', 2), about: 'spaces after commas' },
      { ...observe('G-10', 'accepted', 3), about: 'no algorithm' },
      { ...observe('G-10', 'accepted', 4), about: 'algorithm in lower case' },
      observe('G-26', 'accepted', 5),
    ],
  },
  {
    id: 'absolute-target',
    title: 'the whole URL on the request line; a proxy on the way may rewrite it',
    effect: 'writes',
    requests: [goodOrder, orderProbe({ isAbsolute: true })],
    questions: [observe('G-21', 'accepted', 1)],
  },
  {
    id: 'request-time-ahead',
    title: 'a Request-Time two minutes ahead, where the age does not matter',
    effect: 'writes',
    requires: [{ row: 'G-09', key: 'requestTime.window', value: 'off' }],
    requests: [goodOrder, orderProbe({ requestTimeOffsetMs: 120_000 })],
    questions: [{ ...observe('G-09', 'accepted', 1), about: 'a time ahead' }],
  },
  {
    id: 'same-version-twice',
    title: 'one key version for RSA256 and ECC224',
    effect: 'writes',
    requires: [{ needs: 'EC key' }, { row: 'G-12', key: 'ecc224' }],
    requests: [goodOrder, orderProbe({ ecc224: 'as decided' })],
    questions: [
      observeText('G-22', 'key versions', ['counted for each algorithm', 'counted together'], 1),
    ],
  },
  {
    id: 'name-twice',
    title: 'a member twice in one JSON object',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ spliced: '"orderStatus":"TICKETED",', fields: { orderStatus: 'USED' } }),
    ],
    questions: [
      {
        row: 'G-31',
        usual: 'the last counts',
        alternatives: {
          'the last counts': (answers) => succeeds(1)(answers) && statusAt(answers, 1) === 'USED',
          'the first counts': (answers) =>
            succeeds(1)(answers) && statusAt(answers, 1) === 'TICKETED',
          refused: isRefusedAfterSignature(1),
        },
      },
    ],
  },
];

const clientIdIn = (answer: ProbeAnswer | undefined): boolean => hasHeader(answer, 'client-id');

/** Whether refusals say whose they are, as far as the answers are what they should be. */
export const clientIdQuestion: ProbeQuestion = {
  row: 'G-30',
  usual: 'on refusals too',
  alternatives: {
    'on refusals too': (answers: ProbeAnswers) => answers.every(clientIdIn),
    'on successes only': ([good, ...refusals]: ProbeAnswers) =>
      clientIdIn(good) && !refusals.some(clientIdIn),
    never: (answers: ProbeAnswers) => !answers.some(clientIdIn),
  },
};
