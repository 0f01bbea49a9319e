import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type MistakeId,
  mistakeFamilies,
  mistakes,
  notes,
} from '../../server/doctor/catalogue/mistakes.ts';
import { languages, remedies } from '../../server/doctor/catalogue/remedies.ts';
import { sealingSamples } from './sealing-samples.ts';
import { signatureSamples } from './signature-samples.ts';

const ids = Object.keys(mistakes) as readonly MistakeId[];

describe('the catalogue of findings', () => {
  test.each(ids)('%s has a family, a sentence and six remedies', (id) => {
    const { family, sentence, remedy } = mistakes[id];
    expect(mistakeFamilies).toContain(family);
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    for (const language of languages) expect(remedies[remedy][language].length).toBeGreaterThan(20);
  });

  test('covers the vocabulary of the vectors', () => {
    const readme = readFileSync(new URL('../vectors/README.md', import.meta.url), 'utf8');
    const section = readme.slice(
      readme.indexOf('## The findings'),
      readme.indexOf('## How each was produced'),
    );
    const vocabulary =
      section
        .match(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g)
        ?.filter((word) =>
          /^(SIG|KEY|HASH|HASHED|PADDING|NO|URI|METHOD|NEWLINE|SEPARATOR|CLIENT|TIME|BODY|ENC)_/.test(
            word,
          ),
        ) ?? [];
    expect(vocabulary.length).toBeGreaterThan(55);
    expect(vocabulary.filter((word) => !ids.includes(word as MistakeId))).toEqual([]);
  });

  test('every finding is produced by a sample', () => {
    const produced = new Set<string>([
      ...signatureSamples.map(({ id }) => id),
      ...sealingSamples.flatMap(([causes]) => causes),
    ]);
    expect(ids.filter((id) => !produced.has(id))).toEqual([]);
  });

  test('every remedy is somebody’s', () => {
    const used = new Set<string>(ids.map((id) => mistakes[id].remedy));
    expect(Object.keys(remedies).filter((topic) => !used.has(topic))).toEqual([]);
  });

  test.each(Object.entries(notes))('%s is a sentence', (_, sentence) =>
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/),
  );
});
