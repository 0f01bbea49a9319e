/** Renders docs/reference/certify-cases.md from certify's catalogue, and the same in Chinese. */
import {
  type BasisKind,
  type CaseBasis,
  type CatalogueCase,
  type CheckId,
  caseFamilies,
  checkTitles,
  type Family,
  profiles,
} from '../server/conformance/certify/catalogue/case.ts';

import { catalogue } from '../server/conformance/certify/catalogue/index.ts';
import {
  type ReceiverCase,
  receiverCatalogue,
} from '../server/conformance/certify/catalogue/receiver.ts';

import { familiesInChinese, familyTitles } from '../server/conformance/certify/html/elements.ts';
import { listChecks } from '../server/conformance/certify/judge-case.ts';

import { certifyInChinese } from '../server/domain/chinese/sentences.ts';
import { scenarioFor, securityFaults, wireFaults } from '../server/domain/faults/catalogue.ts';
import type { Fault } from '../server/domain/faults/fault.ts';
import { type PageLanguage, type Translate, table, translator } from './markdown.ts';

const pageTexts = {
  en: {
    head: [
      '# The cases of certify',
      '',
      `What \`alipayhk-mock certify\` plays, and what it looks at: ${catalogue.length} cases of what your`,
      `application sends, and ${receiverCatalogue.length} of [what AlipayHK calls](../how-to/outbound.md)`,
      '(family OUT), which are played when you name your server with `--receiver`. This page is generated',
      'from `server/conformance/certify/catalogue/`. The ids are stable: use them in',
      'tickets and in the file of expected failures.',
    ],
    basisColumns: ['basis', 'what a violation does'],
    profiles: [
      'Two profiles say what counts. A case that a profile only warns about still fails when the same',
      'message gets a new id.',
    ],
    profileColumns: ['profile', 'warns only about'],
    checks: ['## The checks', '', 'A case names the checks that it uses.'],
    checkColumns: ['check', 'what it demands'],
    demand: (must: string): string =>
      `**A correct client** ${must.slice(0, 1).toLowerCase()}${must.slice(1)}`,
    reason: (why: string): string => `**Why.** ${why}`,
    facts: ['severity', 'basis', 'operations', 'plays', 'checks', 'how to do it'],
    all: 'all',
    optional: ' (optional)',
  },
  'zh-hant': {
    head: [
      '# certify 的個案',
      '',
      `\`alipayhk-mock certify\` 演練甚麼、查看甚麼：應用程式所發送的共 ${catalogue.length} 個個案，` +
        `以及 [AlipayHK 的呼叫](../how-to/outbound.md)（OUT）共 ${receiverCatalogue.length} 個，以 \`--receiver\` 指明你的伺服器時演練。本頁由 ` +
        '`server/conformance/certify/catalogue/` 產生。id 固定不變：可用於工單及預期失敗的檔案。',
    ],
    basisColumns: ['依據', '違反的後果'],
    profiles: [
      '兩個設定檔決定哪些個案計算在內。設定檔只作警告的個案，如以新的 id 發送相同的訊息，仍屬失敗。',
    ],
    profileColumns: ['設定檔', '只警告'],
    checks: ['## 檢查', '', '每個個案列出所用的檢查。'],
    checkColumns: ['檢查', '要求'],
    demand: (must: string): string => `**正確的客戶端：** ${must}`,
    reason: (why: string): string => `**原因：** ${why}`,
    facts: ['嚴重程度', '依據', '操作', '演練', '檢查', '做法'],
    all: '全部',
    optional: '（可選）',
  },
};
type PageTexts = (typeof pageTexts)['en'];

/** What one page in one language is made with. */
interface Page {
  readonly lang: PageLanguage;
  readonly texts: PageTexts;
  readonly translate: Translate;
  /** From the page to the folder of other pages in its language. */
  readonly folder: string;
}

export const renderCertifyPage = (lang: PageLanguage = 'en'): string => {
  const texts: PageTexts = pageTexts[lang];
  const translate = translator(lang, certifyInChinese);
  const page: Page = { lang, texts, translate, folder: lang === 'en' ? '../' : '' };
  return [
    ...texts.head,
    '',
    table(
      texts.basisColumns,
      (Object.entries(basisTexts) as readonly [BasisKind, string][]).map(([kind, text]) => [
        `\`${kind}\``,
        lang === 'en' ? text : basesInChinese[kind],
      ]),
    ),
    '',
    ...texts.profiles,
    '',
    table(
      texts.profileColumns,
      Object.values(profiles).map(({ id, warnsOnly }) => [
        `\`${id}\``,
        warnsOnly.map((one) => `[${one}](#${one.toLowerCase()})`).join(', '),
      ]),
    ),
    '',
    ...caseFamilies.flatMap((family) => renderFamily(family, page)),
    `## OUT · ${lang === 'en' ? familyTitles.OUT : familiesInChinese.OUT}`,
    '',
    ...receiverCatalogue.flatMap((row) => renderReceiverCase(row, page)),
    ...texts.checks,
    '',
    table(
      texts.checkColumns,
      Object.entries(checkTitles).map(([id, title]) => [`\`${id}\``, translate(title)]),
    ),
    '',
  ].join('\n');
};

const basisTexts: Readonly<Record<BasisKind, string>> = {
  doc: 'AlipayHK documents it: may fail',
  sister: 'a sister product with the same protocol documents it: may fail',
  safety:
    'our conclusion, but a violation lets a third party or bad luck change your books: may fail',
  inf: 'our conclusion: warns at most',
};

const basesInChinese: Readonly<Record<BasisKind, string>> = {
  doc: 'AlipayHK 有文件載明：可判為失敗',
  sister: '使用相同協定的姊妹產品有文件載明：可判為失敗',
  safety: '我們的推斷，但違反時第三方或壞運氣可更改你的賬目：可判為失敗',
  inf: '我們的推斷：最多只作警告',
};

const renderFamily = (family: Family, page: Page): readonly string[] => {
  const rows = catalogue.filter(({ id }) => id.startsWith(`C-${family}-`));
  const title = page.lang === 'en' ? familyTitles[family] : familiesInChinese[family];
  return rows.length === 0
    ? []
    : [`## ${family} · ${title}`, '', ...rows.flatMap((row) => renderCase(row, page))];
};

const renderCase = (row: CatalogueCase, page: Page): readonly string[] => {
  const { lang, texts, translate } = page;
  const { id, title, must, why, severity, basis, operations, remedy } = row;
  const target = lang === 'en' ? `../${remedy}` : translatedPage(remedy);
  const facts = [
    severity,
    basis.map((one) => describeBasis(one, page)).join(playTexts[lang].semicolon),
    operations === 'all' ? texts.all : operations.map(code).join(', '),
    describePlay(row, page),
    describeChecks(row, texts),
    `[${remedy}](${target})`,
  ];
  return [
    `<a id="${id.toLowerCase()}"></a>`,
    '',
    `### ${id} ${title[lang === 'en' ? 'en' : 'zh-HK']}`,
    '',
    texts.demand(translate(must)),
    '',
    texts.reason(translate(why)),
    '',
    table(
      ['', ''],
      facts.map((fact, at) => [texts.facts[at] ?? '', fact]),
    ),
    '',
  ];
};

const renderReceiverCase = (row: ReceiverCase, page: Page): readonly string[] => {
  const { id, title, must, why, severity, basis, remedy, calls, checks } = row;
  const texts = receiverTexts[page.lang];
  const facts = [
    severity,
    basis.map((one) => describeBasis(one, page)).join('; '),
    calls.map(code).join(', '),
    describeSends(row, page.lang),
    checks.map(code).join(', '),
    `[${remedy}](../${remedy})`,
  ];
  const demand =
    page.lang === 'en' ? `${must.slice(0, 1).toLowerCase()}${must.slice(1)}` : page.translate(must);
  return [
    `<a id="${id.toLowerCase()}"></a>`,
    '',
    `### ${id} ${page.lang === 'en' ? title.en : title['zh-HK']}`,
    '',
    `${texts.merchant}${demand}`,
    '',
    `${texts.why}${page.translate(why)}`,
    '',
    table(
      ['', ''],
      facts.map((fact, at) => [texts.facts[at] ?? '', fact]),
    ),
    '',
  ];
};

const receiverTexts = {
  en: {
    merchant: '**A correct merchant** ',
    why: '**Why.** ',
    facts: ['severity', 'basis', 'calls', 'plays', 'checks', 'how to do it'],
    call: 'the call',
    fault: (fault: string): string => ` with the fault ${fault}`,
    parallel: (count: number): string => `${count} times at the same time`,
    again: 'then the same event again, without a fault',
    comma: ', ',
  },
  'zh-hant': {
    merchant: '**正確的商戶**：',
    why: '**原因**：',
    facts: ['嚴重程度', '依據', '呼叫', '演示', '檢查', '做法（英文）'],
    call: '該呼叫',
    fault: (fault: string): string => `，故障為 ${fault}`,
    parallel: (count: number): string => `同時 ${count} 次`,
    again: '然後再次發送同一事件，沒有故障',
    comma: '，',
  },
} as const;

const describeSends = ({ fault, again = 0, parallel = 1 }: ReceiverCase, lang: PageLanguage) => {
  const texts = receiverTexts[lang];
  return [
    fault === undefined ? texts.call : `${texts.call}${texts.fault(code(fault))}`,
    ...(parallel === 1 ? [] : [texts.parallel(parallel)]),
    ...(again === 0 ? [] : [texts.again]),
  ].join(texts.comma);
};

/** Pages that are there in Chinese; their headings have other anchors. */
const translatedPage = (remedy: string): string =>
  remedy
    .replace(/^faults\.md#response-security$/, 'faults.md#回應的安全')
    .replace(/^faults\.md#on-the-wire$/, 'faults.md#線路上的故障')
    .replace(/^how-to\/find-out-why\.md#the-doctor-offline$/, 'find-out-why.md#診斷器離線')
    .replace(/^(?!faults\.md|find-out-why\.md)/, '../');

const code = (text: string): string => `\`${text}\``;

const describeBasis = ({ kind, register, source }: CaseBasis, { lang, translate }: Page): string =>
  [
    kind,
    ...(register === undefined ? [] : [`[${register}](../fidelity.md#${register.toLowerCase()})`]),
    ...(source === undefined ? [] : [translate(source)]),
  ].join(playTexts[lang].comma);

type Then = CatalogueCase['play'][number]['then'];

const playTexts = {
  en: {
    always: ' every time',
    times: (count: number): string => ` ${count} times`,
    vary: ' as the variant says',
    nothing: 'nothing: the simulator behaves',
    behaves: 'then it behaves',
    variants: 'variants: ',
    only: (names: string): string => `(${names} only)`,
    keep: 'although the change is made',
    drop: 'although nothing is changed',
    layout: 'in another layout',
    version: (version: string): string => `signed by version ${version}`,
    answer: 'an answer',
    scenario: 'scenario',
    wire: 'on-the-wire',
    security: 'response-security',
    comma: ', ',
    semicolon: '; ',
  },
  'zh-hant': {
    always: '，每次皆然',
    times: (count: number): string => `，共 ${count} 次`,
    vary: '，依變體而定',
    nothing: '沒有：模擬器表現正常',
    behaves: '其後表現正常',
    variants: '變體：',
    only: (names: string): string => `（只限 ${names}）`,
    keep: '而更改已完成',
    drop: '而沒有更改任何內容',
    layout: '以另一種排版',
    version: (version: string): string => `以版本 ${version} 簽名`,
    answer: '回應',
    scenario: '情境',
    wire: '線路上的故障',
    security: '回應的安全',
    comma: '，',
    semicolon: '；',
  },
};

const describePlay = ({ play, variants }: CatalogueCase, page: Page): string => {
  const texts = playTexts[page.lang];
  const steps = play.map(({ then, times = 1, vary }) => {
    const often = times === 1 ? '' : times === 'always' ? texts.always : texts.times(times);
    return `${describeThen(then, page)}${vary === true ? texts.vary : ''}${often}`;
  });
  const listed = Object.entries(variants ?? {}).map(([name, { then, operations }]) =>
    [
      code(name),
      ...(then === undefined ? [] : [describeThen(then, page)]),
      ...(operations === undefined ? [] : [texts.only(operations.map(code).join(', '))]),
    ].join(' '),
  );
  const plain = steps.length === 0 ? [texts.nothing] : [...steps, texts.behaves];
  return [
    plain.join(texts.comma),
    ...(listed.length === 0 ? [] : [`${texts.variants}${listed.join(texts.semicolon)}`]),
  ].join('<br>');
};

/** The answer, its fault, and the scenario to try the fault with. */
const describeThen = (then: Then, page: Page): string => {
  const { result, status, change, fault, security, keyVersion, layout } = then;
  const texts = playTexts[page.lang];
  const parts = [
    ...(result === undefined ? [] : [`${code(result)}${status === undefined ? '' : ` ${status}`}`]),
    ...(change === 'keep' ? [texts.keep] : []),
    ...(change === 'drop' ? [texts.drop] : []),
    ...(fault === undefined ? [] : [describeFault(fault.id, wireFaults[fault.id], page)]),
    ...(security === undefined
      ? []
      : [describeFault(security.id, securityFaults[security.id], page)]),
    ...(layout === undefined ? [] : [texts.layout]),
    ...(keyVersion === undefined ? [] : [texts.version(String(keyVersion))]),
  ];
  return parts.join(' ') || texts.answer;
};

const describeFault = (id: string, fault: Fault, { lang, folder }: Page): string => {
  const { wire, security, scenario, comma } = playTexts[lang];
  const anchor = id in wireFaults ? wire : security;
  const place = `${folder}faults.md#${anchor}`;
  const name = scenarioFor(id, fault);
  return `[\`${id}\`](${place})${comma}[${scenario}](${folder}catalogue.md) \`${name}\``;
};

/** The check that every case has is listed below only. */
const describeChecks = (row: CatalogueCase, { optional }: PageTexts): string =>
  listChecks(row)
    .filter(({ id }) => id !== ('honest-claim' satisfies CheckId))
    .map(({ id, required }) => `${code(id)}${required === false ? optional : ''}`)
    .join(', ');
