const number = (value: number): string => value.toLocaleString('en');

/** One exchange: why, where, what. */
export const exchange = {
  exchange: {
    title: 'Exchange',
    back: 'All exchanges',
    rule: 'Scripted by',
    gone: 'The journal no longer has this exchange',
    goneMore:
      'The journal keeps only the newest, up to journal.entries and journal.bytes. It may also have been reset, or the simulator restarted.',
  },
  actions: {
    title: 'Actions for this exchange',
    curl: 'Copy as curl',
    test: 'Copy as test',
    sendAgain: 'Send again',
    sendAgainMore: 'Sends the same bytes again, including the signature',
    scenario: 'Save as scenario',
    har: 'Download HAR',
  },
  why: {
    refusedAt: (step: string) => `Refused at: ${step}`,
    accepted: 'Accepted',
    unexplained: {
      signature: 'The signature does not verify, and no single known mistake explains it',
      sealing: 'The encrypted body cannot be decrypted, and no single known mistake explains it',
    },
    besides: 'Also',
    difference: 'What you signed, compared with what you sent',
    differenceMore:
      'Line feeds show as LF, carriage returns as CR, spaces at line ends as ·, bytes that are not text as hex.',
    toBeSigned: 'What should have been signed',
    toBeSignedMore: 'Compare it byte by byte with what your code passes to its signing call.',
    firstAt: (byte: number, line: number) =>
      `The first difference is at byte ${number(byte)}, in line ${line}.`,
    signed: 'You signed',
    sent: 'You sent, so sign this',
    fix: 'The fix',
    fixLanguage: 'Language of the fix',
    evidence: 'Evidence',
    certain: 'What is certain',
    harmless: 'Also noticed, but harmless',
    stopped: 'The search stopped at its limit, so not every variant was tried.',
    fieldsAtFault: (count: number) =>
      count === 1
        ? 'One field does not match the contract'
        : `${count} fields do not match the contract`,
    todo: 'What to do',
    codeMeans: (code: string) => `What ${code} means`,
    letPass: 'Unusual, but accepted',
    restsOn: 'Based on the fidelity register:',
    decided: (code: string) => `Decided: ${code},`,
    repeated: (code: string) =>
      `This requestId was answered before: the first answer, ${code}, was sent again and nothing changed`,
    stale: (code: string) =>
      `Answered ${code}, but ignored: it is not newer than the message already held, so nothing changed`,
    mismatch: 'This requestId was already used with another body',
    mismatchAdvice:
      'A requestId identifies one message. To retry, send the identical bytes again; for a new message, use a new requestId.',
    firstUse: 'Open the first request with this requestId',
    firstUseGone: 'The journal no longer has the first request with this requestId.',
  },
  delivery: {
    title: 'Delivered',
    noAnswer: 'No answer was delivered',
    notDelivered: 'not delivered',
    altered: 'altered on purpose',
    repeated: 'repeated',
    stale: 'stale',
    otherContent: 'other content',
    decidedOnly: (code: string) => `${code} was decided, but no answer was delivered`,
    nothing: (ending: string, code: string) =>
      code === 'NO_ANSWER'
        ? `No answer was delivered: ${ending}`
        : `No answer was delivered: ${ending}. The client does not know of ${code}`,
    alteredBy: (fault: string, httpStatus: number, code: string) =>
      `Delivered with the fault ${fault}: HTTP ${httpStatus} instead of a proper ${code} answer`,
    ending: (fault: string) =>
      fault === '' ? 'the client had disconnected' : `the fault ${fault}`,
    endings: {
      reset: 'the connection was reset',
      close: 'the connection was closed',
      hang: 'the connection stayed silent',
      'partial-status': 'the connection was closed within the status line',
    } as Readonly<Record<string, string>>,
  },
  pipeline: {
    title: 'Steps through the gateway',
    fates: {
      passed: 'passed',
      refused: 'refused',
      unreached: 'not reached',
      undelivered: 'not delivered',
      altered: 'altered',
    },
  },
  messages: {
    title: 'Request and answer',
    request: 'Request',
    reply: 'Answer',
    body: 'Body',
    bodyForm: 'Form of the body',
    raw: 'Bytes',
    opened: 'Decrypted',
    empty: 'No body.',
    redacted:
      'This body was encrypted, so its plain text is hidden. Start the simulator with --journal-plaintext on to see it.',
    cut: (count: number) => `${number(count)} more bytes`,
    httpStatus: (status: number) => `HTTP ${status}`,
    otherHeaders: (count: number) => `${count} other headers`,
  },
  changes: {
    title: 'State changes',
    none: 'None. A refused request does not change the state.',
    noneThough: 'None.',
    memories: (count: number) => `${count} internal ${count === 1 ? 'record' : 'records'}`,
    kinds: { added: 'added', changed: 'changed', removed: 'removed' },
    field: 'Field',
    before: 'Before',
    after: 'After',
  },
};
