import { createHash } from 'node:crypto';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allPages, readMarkdown } from './pages.ts';

/** Pages that one generator writes in both languages, each with its page in English. */
const generatedPages = new Map([
  ['docs/zh-hant/signature-mistakes.md', 'docs/signature-mistakes.md'],
  ['docs/zh-hant/faults.md', 'docs/faults.md'],
  ['docs/zh-hant/catalogue.md', 'docs/catalogue.md'],
  ['docs/zh-hant/certify-cases.md', 'docs/reference/certify-cases.md'],
]);

const translations = allPages().filter(
  (page) =>
    (page.startsWith('docs/zh-hant/') && !generatedPages.has(page)) || page.endsWith('.zh-Hant.md'),
);

interface Translation {
  /** The page that it translates. */
  readonly source: string;
  /** Digest of that page when it was translated. */
  readonly digest: string;
  readonly text: string;
}

const readTranslation = (page: string): Translation => {
  const found = /^<!-- translates: (\S+)\n {5}source: ([0-9a-f]{64}) -->\n([\s\S]*)$/.exec(
    readMarkdown(page),
  );
  const [, source, digest, text] = found ?? [];
  if (source === undefined || digest === undefined || text === undefined)
    throw new Error(`${page} does not begin with "<!-- translates: …, source: … -->"`);
  return { source, digest, text };
};

/** Generated blocks have one source for both languages. */
const withoutGenerated = (text: string): string =>
  text.replaceAll(/<!-- generated:[\s\S]*?<!-- \/generated -->/g, '@@GENERATED@@');

const digestPage = (page: string): string =>
  createHash('sha256')
    .update(
      withoutGenerated(readMarkdown(page))
        .split('\n')
        .filter((line) => line.trim() !== '')
        .join('\n'),
    )
    .digest('hex');

const codeBlocks = (text: string): readonly string[] =>
  withoutGenerated(text).match(/^```[\s\S]*?^```$/gm) ?? [];

const prose = (text: string): string =>
  withoutGenerated(text).replaceAll(/^```[\s\S]*?^```$/gm, '');

const structure = (text: string) => {
  const lines = prose(text).split('\n');
  return {
    headings: lines.flatMap((line) => /^#+(?= )/.exec(line) ?? []),
    listItems: lines.filter((line) => /^\s*(- |\d+\. )/.test(line)).length,
    tableRows: lines.filter((line) => line.startsWith('|')).length,
    images: (prose(text).match(/!\[/g) ?? []).length,
    generated: (withoutGenerated(text).match(/@@GENERATED@@/g) ?? []).length,
  };
};

/** Pages that a page links to, as paths in the repository, translated ones as their source. */
const linkedPages = (page: string, text: string): ReadonlySet<string> =>
  new Set(
    [...prose(text).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => {
      if (/^\w+:/.test(link)) return link;
      const target = normalize(join(dirname(page), link));
      return translations.includes(target)
        ? readTranslation(target).source
        : (generatedPages.get(target) ?? target);
    }),
  );

test('there are translations', () => {
  expect(translations).toHaveLength(6);
});

describe.each(translations)('%s', (page) => {
  const { source, digest, text } = readTranslation(page);

  test('follows its source', () => {
    expect(
      digestPage(source),
      `${source} has changed since it was translated. See "git log -p -- ${source}", change ` +
        `${page}, and write the new digest into its first lines`,
    ).toBe(digest);
  });

  test('has the structure of its source, and the same code', () => {
    const english = readMarkdown(source);
    expect(structure(text)).toEqual(structure(english));
    expect(codeBlocks(text)).toEqual(codeBlocks(english));
  });

  test('links to what its source links to', () => {
    const linked = linkedPages(page, text);
    const missing = [...linkedPages(source, readMarkdown(source))].filter(
      (target) => !linked.has(target) && target !== source,
    );
    expect(missing.map((target) => relative('.', target))).toEqual([]);
  });

  test('links to a page in Chinese where there is one', () => {
    const translated = new Set([
      ...generatedPages.values(),
      ...translations.map((one) => readTranslation(one).source),
    ]);
    const english = [...prose(text).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link = '']) => normalize(join(dirname(page), link)))
      .filter((target) => translated.has(target) && target !== source);
    expect(english).toEqual([]);
  });

  test('is in Traditional Chinese as it is written in Hong Kong', () => {
    expectHongKongChinese(prose(text));
  });

  test('has no English sentence left', () => {
    expect(englishSentences(prose(text))).toEqual([]);
  });
});

test('a reader comes from the README to a passing test and the reason of a refusal, in Chinese', () => {
  const chinesePages = new Set([...translations, ...generatedPages.keys()]);
  const seen = new Set(['README.zh-Hant.md']);
  for (const page of seen)
    for (const target of chineseLinks(page)) if (chinesePages.has(target)) seen.add(target);
  expect([...chinesePages].filter((page) => !seen.has(page))).toEqual([]);
  const tutorial = readMarkdown('docs/zh-hant/tutorial.md');
  for (const step of ['alipayhk-mock send', 'node --test', 'alipayhk-mock doctor'])
    expect(tutorial).toContain(step);
  expect(readMarkdown('docs/zh-hant/find-out-why.md')).toContain('alipayhk-mock doctor');
});

/** Pages that a page links to, as paths in the repository. */
const chineseLinks = (page: string): readonly string[] =>
  [...readMarkdown(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
    normalize(join(dirname(page), link)),
  );

test.each(translations)('%s marks every link to a page in English', (page) => {
  const links = [
    ...prose(readMarkdown(page)).matchAll(/\[([^\]]*)\]\(([^)#\s]+\.md)(?:#[^)]*)?\)(（英文）)?/g),
  ];
  expect(links.length).toBeGreaterThan(1);
  const unmarked = links.filter(([, text, link = '', mark]) => {
    const target = normalize(join(dirname(page), link));
    const isChinese = target.startsWith('docs/zh-hant/') || target.endsWith('.zh-Hant.md');
    return text !== 'English' && isChinese === (mark !== undefined);
  });
  expect(unmarked.map(([all]) => all)).toEqual([]);
});

describe.each([...generatedPages])('%s', (page, source) => {
  test('has the structure of its page in English', () => {
    const { generated: _, ...chinese } = structure(readMarkdown(page));
    expect(chinese.headings).toEqual(structure(readMarkdown(source)).headings);
    expect(codeBlocks(readMarkdown(page))).toEqual(codeBlocks(readMarkdown(source)));
  });

  test('is in Traditional Chinese, without an English sentence', () => {
    expectHongKongChinese(prose(readMarkdown(page)));
    expect(englishSentences(prose(readMarkdown(page)))).toEqual([]);
  });
});

const expectHongKongChinese = (chinese: string): void => {
  // Characters that only simplified writing has.
  const simplified =
    /[们这说读运选择测试认证签开关应请发过错误实环设显时间码输数据库图类调连单构际权优动态简传应试复满项览转进检]/u;
  expect(chinese.match(simplified)?.[0]).toBeUndefined();
  expect(
    chinese.match(/閘道|特店|服务器|伺服端|密码|金鑰|資料庫|網路|軟體|程式庫/u)?.[0],
  ).toBeUndefined();
  expect(chinese.match(/[\u4e00-\u9fff][,;:!?](?=\s|$|[\u4e00-\u9fff])/u)?.[0]).toBeUndefined();
};

const englishSentences = (text: string): readonly string[] =>
  text
    .replaceAll(/(``?)(?!`).*?\1(?!`)/g, '`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .match(/(?:[A-Za-z][A-Za-z'’-]* ){6,}[A-Za-z]+/g) ?? [];
