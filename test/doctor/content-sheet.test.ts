import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentBytes } from '../../server/doctor/hypotheses/hypothesis.ts';
import { ContentBuffer } from '../../server/doctor/signature/search-content.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
// Longer than the room there is, and short again; often the same once more.
const start = fc.oneof(
  fc.constantFrom('', 'POST /a\nclient.', 'POST /b\nclient.'),
  text,
  fc.integer({ min: 400, max: 3000 }).map((length) => 'é'.repeat(length)),
);
const time = fc.oneof(fc.constantFrom('001', '002', '0003'), text);
const optional = fc.oneof(fc.constant(''), text);
const heads = fc.array(fc.record({ start, time, lastDot: optional, after: optional }), {
  minLength: 1,
  maxLength: 6,
});
const body = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

test('whatever stood on the sheet before, a content is its head, its body and what comes behind', () => {
  const sheet = new ContentBuffer();
  fc.assert(
    fc.property(body, heads, (one, around) => {
      sheet.setBody(one);
      for (const head of around) {
        expect(Buffer.from(sheet.build({ suspicions: [], ...head }))).toEqual(
          contentBytes({ suspicions: [], body: one, ...head }),
        );
      }
    }),
  );
});
