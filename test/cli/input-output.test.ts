import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { components } from '../../server/admin/types.gen.ts';
import { exchangeLine } from '../../server/cli/commands/journal.ts';
import { escapeOutput, writeStyled } from '../../server/cli/input-output.ts';
import { printable, printableLine } from '../../server/problems/display-text.ts';

const stream = () => {
  const through = new PassThrough();
  const out = through as unknown as NodeJS.WriteStream;
  escapeOutput(out);
  return { out, written: () => String(through.read() ?? '') };
};

describe('what the command line prints', () => {
  test.each([
    ['\x1b[31mred', '\\u001b[31mred'],
    ['\x1b]0;title\x07', '\\u001b]0;title\\u0007'],
    ['\x9b2J\x9d', '\\u009b2J\\u009d'],
    ['\x7f\b\r', '\\u007f\\u0008\\u000d'],
    ['abc\u202egnp\u2066', 'abc\\u202egnp\\u2066'],
    ['lines\n\tand 海濱 🎫 é', 'lines\n\tand 海濱 🎫 é'],
  ])('%j is shown as %j', (text, shown) => {
    const { out, written } = stream();
    out.write(text);
    expect(written()).toBe(shown);
    expect(printable(text)).toBe(shown);
  });

  test('JSON stays the same JSON', () => {
    const value = { a: '\x1b\x9b\u202e\x7f' };
    const { out, written } = stream();
    out.write(JSON.stringify(value));
    const text = written();
    expect([JSON.parse(text), printable(text)]).toEqual([value, text]);
  });

  test('bytes pass as they are, and so do colours of our own', () => {
    const { out, written } = stream();
    out.write(Buffer.from([0x1b]));
    writeStyled('\x1b[32mS\x1b[0m', out);
    expect(written()).toBe('\x1b\x1b[32mS\x1b[0m');
  });

  test('an exchange is one line, whatever its client and target hold', () => {
    const hostile = 'x\n\x1b[2J\x9b\t';
    const summary = {
      ...{
        number: 1,
        id: 'T',
        receivedAt: 0,
        clientId: hostile,
        method: hostile,
        target: hostile,
        identity: hostile,
      },
      ...{
        code: hostile,
        status: 'F',
        step: hostile,
        milliseconds: 1,
        delivery: { bytes: 1, complete: false, endedBy: 'client' },
        tags: [hostile],
        findings: [hostile],
      },
    } as unknown as components['schemas']['ExchangeSummary'];
    expect(exchangeLine(summary, false)).toBe(printableLine(exchangeLine(summary, false)));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the CLI's own colours
    const line = exchangeLine(summary, true).replaceAll(/\x1b\[(31|0)m/g, '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });
});
