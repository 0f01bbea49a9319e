import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentBytes } from '../../server/doctor/content.ts';
import { ContentSheet } from '../../server/doctor/content-sheet.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
// Longer than the room that is kept before a body, and short again.
const before = fc.oneof(
  text,
  fc.integer({ min: 400, max: 3000 }).map((length) => 'é'.repeat(length)),
);
const heads = fc.array(fc.record({ before, after: fc.oneof(fc.constant(''), text) }), { minLength: 1, maxLength: 6 });
const body = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

test('whatever stood on the sheet before, a content is its head, its body and what comes behind', () => {
  const sheet = new ContentSheet();
  fc.assert(
    fc.property(body, heads, (one, around) => {
      sheet.placeBody(one);
      for (const head of around) {
        expect(Buffer.from(sheet.withHead({ blames: [], ...head }))).toEqual(contentBytes({ blames: [], body: one, ...head }));
      }
    }),
  );
});
