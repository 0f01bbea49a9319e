import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseContract } from '../../../console/api/contract.ts';
import { en, zhHant } from '../../../console/i18n/messages.tsx';
import { listFormFields, type RequestObject } from '../../../console/views/send/request-editor.tsx';
import {
  isLintRule,
  lintConditions,
  lintRules,
} from '../../../server/conformance/lint/lint-rules.ts';
import { lintConditionsInChinese } from '../../../server/conformance/lint/lint-rules-in-chinese.ts';
import { mistakes } from '../../../server/doctor/catalogue/mistakes.ts';
import { foundInChinese } from '../../../server/domain/chinese/found-texts.ts';
import {
  readServerMessage,
  serverTexts,
  translateServerText,
} from '../../../server/domain/chinese/server-texts.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { listSentences } from './list-sentences.ts';

/**
 * Stands in for a number as for a list, so that every text that is made of something can be looked
 * at.
 */
const anything: unknown = Object.assign([1, 2], { toLocaleString: () => '3' });

interface RegisterEntry {
  readonly id: string;
  readonly sources: string;
  readonly settings?: readonly { readonly effect: string }[];
}

type Text = readonly [path: string, text: string];

/** Every text by its path. */
const textsOf = (value: unknown, path = ''): readonly Text[] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return [[path, String(value(anything, anything, anything, anything))]];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`))
    : [];
};

const pathsOf = ({
  findings: _own,
  lintRules: _rules,
  registerTexts: _register,
  settingEffects: _effects,
  registerSources: _sources,
  ...words
}: typeof zhHant): readonly string[] => textsOf(words).map(([path]) => path);

test('both languages say the same things', () => {
  expect(pathsOf(zhHant)).toEqual(pathsOf(en));
});

test('every finding of the doctor has its sentence in Chinese', () => {
  expect(Object.keys(zhHant.findings).sort()).toEqual(Object.keys(mistakes).sort());
});

test('every rule of lint has its texts in Chinese', () => {
  const ids = Object.keys(lintRules).sort();
  expect(Object.keys(zhHant.lintRules).sort()).toEqual(ids);
  expect(Object.keys(lintConditionsInChinese).sort()).toEqual(ids);
  const names =
    /[A-Z]{2,}[_A-Z]+|L-[A-Z]+-\d+|\b\d+\b|lint\.\w+|[A-Z]\w+-[A-Z]\w+|[a-z]+[A-Z]\w+?(?=s?\b)/g;
  const listNames = (text: string) => [...new Set(text.match(names))].sort();
  for (const id of ids.filter(isLintRule))
    for (const part of ['condition', 'exempt'] as const)
      expect([id, part, listNames(lintConditionsInChinese[id][part])]).toEqual([
        ...[id, part],
        listNames(lintConditions[id][part]),
      ]);
});

test('every entry of the fidelity register has its texts in Chinese', () => {
  const { entries }: { readonly entries: readonly RegisterEntry[] } = parse(
    readFileSync(join(packageRoot, 'openapi', 'fidelity.yaml'), 'utf8'),
  );
  expect(Object.keys(zhHant.registerTexts).sort()).toEqual(entries.map(({ id }) => id).sort());
  expect(Object.keys(zhHant.registerSources).sort()).toEqual(entries.map(({ id }) => id).sort());
  const names = /[A-Z]{2,}[_A-Z]+|\b\d{3}\b|AES\/\w+|SHA-\d+|[a-z]+[A-Z]\w+?(?=s?\b)/g;
  const listNames = (text: string) => [...new Set(text.match(names))].sort();
  for (const { id, sources, settings = [] } of entries) {
    expect([id, listNames(zhHant.registerSources[id] ?? '')]).toEqual([id, listNames(sources)]);
    const effects = zhHant.settingEffects[id] ?? [];
    expect([id, effects.length]).toEqual([id, settings.length]);
    expect([id, effects.map(listNames)]).toEqual([
      id,
      settings.map(({ effect }) => listNames(effect)),
    ]);
  }
});

test('the Chinese is traditional: no character that only simplified writing has', () => {
  const simplified =
    /[们这为时说对没还会过开关发应请给让从问间门现实际单头标题页选择删复简体码数据户编辑误错务链试测图书写读签验证钥键订账协议规则场环节执报态让语设认识变尔]/gu;
  expect('这是简体'.match(simplified)).not.toBe(null);
  for (const [path, text] of textsOf({ zhHant, lintConditionsInChinese }))
    expect([path, text.match(simplified)]).toEqual([path, null]);
});

test('no text is empty, and the ones in Chinese differ from the English', () => {
  const english = new Map(textsOf(en));
  const same = textsOf(zhHant).filter(
    ([path, text]) =>
      text.trim() === '' || (text === english.get(path) && /[a-z]{4,} [a-z]{2,}/.test(text)),
  );
  expect(same).toEqual([]);
});

describe('sentences of the simulator', () => {
  const readSources = (folder: string): string =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  const server = join(packageRoot, 'server');

  test('every meaning of a code and of a status, and every description of a field, is translated', () => {
    const document: unknown = parse(
      readFileSync(join(packageRoot, 'openapi', 'alipayhk.yaml'), 'utf8'),
    );
    const missing: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'meaning' && typeof inner === 'string' && !translateServerText(inner))
          missing.push(inner);
        visit(inner);
      }
    };
    visit(document);
    const contract = parseContract(document);
    const fields = contract.operations.flatMap(({ schema, examples }) =>
      examples.flatMap(({ value }) =>
        listFormFields(schema, value as RequestObject, contract.resolve),
      ),
    );
    expect(fields.length).toBeGreaterThan(50);
    for (const { description } of fields)
      if (description !== '' && !translateServerText(description)) missing.push(description);
    expect(missing).toEqual([]);
  });

  test('the reasons that operations give, and the errors of fields, are translated', () => {
    const sources = [
      readSources(join(server, 'domain', 'operations')),
      readSources(join(server, 'gateway', 'steps')),
    ].join('\n');
    const plain = [
      ...sources.matchAll(/(?:accept\(|reason: |sentence: )'([^'\n]+)'/g),
      ...sources.matchAll(/refuseWith(?:Message)?\(\s*'[A-Z_]+',\s*'([^'\n]+ [^'\n]+)'/g),
    ].map(([, text = '']) => text);
    expect(plain.length).toBeGreaterThan(12);
    expect(plain.filter((text) => translateServerText(text) === undefined)).toEqual([]);
  });

  test('what the doctor, lint, coverage and the judge of answers write is translated', () => {
    const listFiles = (folder: string, pattern = /\.ts$/): readonly string[] =>
      readdirSync(join(server, folder))
        .filter((name) => pattern.test(name))
        .map((name) => join(server, folder, name));
    const sentences = [
      ...listFiles('doctor', /^diagnos/),
      ...listFiles('doctor/signature', /^(diagnose|read-value)/),
      ...listFiles('doctor/sealing'),
      ...listFiles('doctor/hypotheses'),
      ...listFiles('conformance/lint', /^(check-|lint\.ts)/),
      ...listFiles('conformance/coverage', /items/),
      ...listFiles('outbound', /^(judge-answer|dial|record-call)/),
    ].flatMap((file) => listSentences(readFileSync(file, 'utf8')));
    expect(sentences.length).toBeGreaterThan(150);
    expect(sentences.filter((text) => translateServerText(text) === undefined)).toEqual([]);
  });

  test('both languages of what they write have the same parameters', () => {
    const count = (text: string): number => text.split(/\{\d?\}/).length;
    for (const [english, chinese] of Object.entries(foundInChinese))
      expect([english, count(chinese)]).toEqual([english, count(english)]);
  });

  test('a sentence is an id with its parameters, which are translated too', () => {
    expect(readServerMessage('the order goes from PENDING to SERVING')).toMatchObject({
      id: 'order.goes',
      parameters: ['PENDING', 'SERVING'],
    });
    expect(
      translateServerText(
        'one-shot 1 scripted UNKNOWN_EXCEPTION; unscripted: SUCCESS, a new order',
      ),
    ).toBe('one-shot 1 決定回應 UNKNOWN_EXCEPTION；否則為：SUCCESS，新訂單');
    expect(translateServerText('requestId: 40 characters, at most 32')).toBe(
      'requestId：40 個字元，最多 32 個',
    );
    expect(translateServerText('quite another sentence')).toBeUndefined();
  });

  test('both languages of a sentence have the same number of parameters', () => {
    const count = (text: string): number => text.split('{}').length;
    for (const [id, [english, chinese]] of Object.entries(serverTexts))
      expect([id, count(chinese)]).toEqual([id, count(english)]);
  });
});
