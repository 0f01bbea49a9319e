import type { CatalogueCase } from './case.ts';

/** Every kind of character that an application, a JSON writer or a proxy can damage. */
const awkward = '點心 "A\\B" a/b +1 100% 🎫\nñ';

/** Another order, more spaces, a member that no page has, text that is not ASCII. */
const foreignLayout = {
  members: 'reversed',
  addToResult: { note: '訊息 ✓' },
  spaces: true,
} as const;

/** First contact and controls; then what is sent, whatever is answered. */
export const firstContact: readonly CatalogueCase[] = [
  {
    id: 'C-PRE-01',
    title: { en: 'First contact', 'zh-HK': '首次接觸' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'G-02', source: 'the pages of the five operations' }],
    operations: 'all',
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'recovers', 'once'],
    expectedMs: 300,
    must: 'Sends one signed, valid message, accepts the S, and sends nothing more.',
    why: 'Nothing else can be judged before a plain message is accepted by both sides.',
    remedy: 'how-to/find-out-why.md#the-doctor-offline',
  },
  {
    id: 'C-PRE-02',
    title: { en: 'Response in another layout', 'zh-HK': '不同排版的回應' },
    severity: 'major',
    basis: [{ kind: 'sister', register: 'G-06', source: 'signatures cover the bytes of the body' }],
    operations: 'all',
    play: [{ then: { layout: foreignLayout } }],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'recovers'],
    expectedMs: 300,
    must: 'Verifies the bytes that it received, then parses them, and ignores members that it does not know.',
    why: 'A client that parses and writes the JSON again before it verifies rejects good responses as soon as the platform changes a space.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-01',
    title: { en: 'Text arrives as written', 'zh-HK': '文字原樣送達' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'G-20', source: 'UTF-8 JSON on every page' }],
    operations: ['syncPaymentInfo', 'syncOrder', 'updateMembershipCard'],
    messages: [
      {
        fields: {
          syncPaymentInfo: {
            merchant: { merchantAccountId: '2160400000002012', displayName: awkward },
          },
          syncOrder: { extInfo: { title: { zh_HK: awkward, en_US: awkward } } },
          updateMembershipCard: { dataInfo: { zh_HK: { $level$: awkward } } },
        },
      },
    ],
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'text-unchanged', 'recovers'],
    expectedMs: 300,
    must: 'Delivers every value unchanged: Chinese text, an emoji, quotes, backslashes, slashes, plus and percent signs, line feeds.',
    why: 'A customer reads this text in AlipayHK; a wrong charset or a second encoding damages it without any error.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-02',
    title: { en: 'One id for one message', 'zh-HK': '一則訊息一個 requestId' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'E-19', source: 'requestId on the pages' }],
    operations: ['syncAdditionalInfo', 'syncAccountLinkage', 'syncPaymentInfo', 'syncOrder'],
    messages: [{}, { isSameThing: true, eventTimeOffsetMs: 1000 }, { eventTimeOffsetMs: 2000 }],
    play: [],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['distinct-ids'],
    isOverAll: true,
    expectedMs: 500,
    must: 'Gives each message an id of its own, also when two differ in nothing but their time, and never sends one id with two bodies.',
    why: 'Of two messages with one id the second is answered as a repetition, or refused: it is lost.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-03',
    title: { en: 'Credible Request-Time', 'zh-HK': '可信的 Request-Time' },
    severity: 'major',
    basis: [
      { kind: 'sister', register: 'G-09', source: 'form documented; window of sister products' },
    ],
    operations: 'all',
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['credible-time'],
    isOverAll: true,
    expectedMs: 300,
    must: 'Reads the clock for every attempt, and writes it as ISO 8601 with a time zone.',
    why: 'Requests with a wrong time are refused as replays, all at once, on the day the platform checks it.',
    remedy: 'signature-mistakes.md#header',
  },
];
