import { describe, expect, test } from 'vitest';
import { toKeyProvider } from '../../sdk/client/key-provider.ts';
import { importOrGenerate } from '../../server/clients/client-registry.ts';
import { openKey } from '../../server/protocol/keys/key-forms.ts';
import { keyFingerprint, readKey } from '../../server/protocol/keys/key-objects.ts';
import { parseKey } from '../../server/protocol/keys/parse-key.ts';
import { vectorKey } from '../vectors.ts';

const pem = vectorKey('keys/merchant-v1.public.spki.pem').toString();
const line = vectorKey('keys/merchant-v1.public.spki.base64.txt').toString().trim();
const fingerprint = keyFingerprint(readKey(Buffer.from(pem))?.key ?? fail());

function fail(): never {
  throw new Error('the vector cannot be read');
}

const escaped = pem.replaceAll('\n', '\\n');
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const urlSafe = line.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const readable: readonly (readonly [string, string | Buffer])[] = [
  ['PEM with literal \\n', escaped],
  ['PEM with literal \\r\\n', pem.replaceAll('\n', '\\r\\n')],
  ['PEM with doubly escaped \\\\n', pem.replaceAll('\n', '\\\\n')],
  ['PEM with literal \\n in quotation marks', `"${escaped}"`],
  ['PEM with literal \\n in single quotation marks', `'${escaped}'`],
  ['PEM on one line, spaces for line ends', pem.replaceAll('\n', ' ')],
  ['PEM without any line ends', pem.replaceAll('\n', '')],
  ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
  ['PEM with CR', pem.replaceAll('\n', '\r')],
  ['an indented PEM', pem.replace(/^/gm, '    ')],
  ['an assignment of PEM', `ALIPAY_PUBLIC_KEY="${pem}"`],
  ['an assignment of escaped PEM', `export ALIPAY_PUBLIC_KEY='${escaped}'`],
  ['an assignment of the bare line', `ALIPAY_PUBLIC_KEY=${line}`],
  ['an assignment of the quoted bare line', `ALIPAY_PUBLIC_KEY="${line}" # of the test shop`],
  ['an assignment below a comment', `# the shop's key\nALIPAY_KEY_V1=${line}\n`],
  ['a property file', `alipay.public-key: ${line}`],
  ['a YAML block', `publicKey: |\n  ${line.slice(0, 76)}\n  ${line.slice(76)}\n`],
  ['a JSON string of PEM', JSON.stringify(pem)],
  ['a JSON string of the bare line', JSON.stringify(line)],
  [
    'a JSON string with escaped slashes',
    `"${line.replaceAll('/', '\\/').replaceAll('+', '\\u002B')}"`,
  ],
  ['a JSON object', JSON.stringify({ publicKey: pem })],
  ['a JSON object with the bare line', JSON.stringify({ publicKey: line }, null, 2)],
  ['base64url', urlSafe],
  ['base64url in PEM', `-----BEGIN PUBLIC KEY-----\n${urlSafe}\n-----END PUBLIC KEY-----`],
  ['base64 of the PEM file', Buffer.from(pem).toString('base64')],
  ['percent-encoded PEM', encodeURIComponent(pem)],
  ['PEM with a byte order mark', `\uFEFF${pem}`],
  ['the bare line with a byte order mark', `\uFEFF${line}`],
  ['UTF-16 with a byte order mark', Buffer.from(`\uFEFF${pem}`, 'utf16le')],
  ['UTF-16 that was read as UTF-8', Buffer.from(`\uFEFF${pem}`, 'utf16le').toString('utf8')],
  ['UTF-16, big-endian, that was read as UTF-8', swapped(`\uFEFF${line}`).toString('utf8')],
  ['UTF-16 without one', Buffer.from(pem, 'utf16le')],
  ['UTF-16, big-endian, with a byte order mark', swapped(`\uFEFF${pem}`)],
  ['UTF-16, big-endian, without one', swapped(line)],
  [
    'labels in lower case',
    pem.replace('PUBLIC KEY', 'public key').replace('PUBLIC KEY', 'public key'),
  ],
  [
    'all in lower case but the base64',
    pem.replace(/-----(BEGIN|END) PUBLIC KEY/g, (all) => all.toLowerCase()),
  ],
  ['six dashes', pem.replaceAll('-----', '------')],
  ['text after it', `${pem}\nissued to: the shop\n`],
  ['other bytes after it', Buffer.concat([Buffer.from(line, 'base64'), Buffer.from('\n')])],
];

describe('what variables, files and forms make of a key is read, at every entrance', () => {
  test.each(readable)('%s', async (_what, given) => {
    const bytes = Buffer.from(given);
    const text = bytes.toString('utf8');
    for (const found of [readKey(bytes), parseKey(bytes), await openKey(bytes)]) {
      expect(found).toMatchObject({ kind: 'public', form: 'SPKI' });
      expect(found !== undefined && 'key' in found && keyFingerprint(found.key)).toBe(fingerprint);
    }
    const held = toKeyProvider('platformKey', 'public', bytes).find('RSA');
    expect(held && keyFingerprint(held.publicKey)).toBe(fingerprint);
    if (!Buffer.from(text).equals(bytes)) return;
    const admin = await importOrGenerate(text, 'RSA256');
    expect('publicKey' in admin && keyFingerprint(admin.publicKey)).toBe(fingerprint);
  });
});

const unreadable: readonly (readonly [string, string | Buffer, RegExp])[] = [
  [
    'a dash missing before BEGIN',
    pem.replace('-----BEGIN', '----BEGIN'),
    /"----BEGIN PUBLIC KEY-----", with 4 dashes before BEGIN/,
  ],
  [
    'a dash missing after BEGIN',
    pem.replace('KEY-----\n', 'KEY----\n'),
    /"-----BEGIN PUBLIC KEY----", with 4 dashes at its end/,
  ],
  [
    'a dash missing before END',
    pem.replace('-----END', '---END'),
    /"---END PUBLIC KEY-----", with 3 dashes before END/,
  ],
  [
    'a dash missing after END',
    pem.trim().slice(0, -1),
    /"-----END PUBLIC KEY----", with 4 dashes at its end/,
  ],
  ['no dashes at all', pem.replaceAll('-----', ''), /"BEGIN PUBLIC KEY", with 0 dashes/],
  ['typographic dashes', pem.replaceAll('-----', '—----'), /typographic dashes/],
  [
    'a missing dash in escaped text',
    escaped.replace('-----BEGIN', '----BEGIN'),
    /with 4 dashes before BEGIN/,
  ],
  [
    'labels that differ',
    pem.replace('END PUBLIC', 'END RSA PUBLIC'),
    /labels that differ: BEGIN PUBLIC KEY and END RSA PUBLIC KEY/,
  ],
  ['no END line', pem.split('-----END')[0] ?? '', /no END line: its end is cut off/],
  [
    'no BEGIN line',
    pem.split('BEGIN PUBLIC KEY-----')[1] ?? '',
    /no BEGIN line: its start is cut off/,
  ],
  [
    'cut base64 between the lines',
    pem.replace(`${line.slice(64, 128)}\n`, ''),
    /is cut off: it has 246 of 294 bytes/,
  ],
  ['a cut bare line', line.slice(0, 200), /is cut off: it has 150 of 294 bytes/],
  ['cut DER', Buffer.from(line, 'base64').subarray(0, 100), /is cut off: it has 100 of 294 bytes/],
  ['a cut assignment', `KEY=${line.slice(0, 200)}`, /is cut off: it has 150 of 294 bytes/],
  [
    'nothing between the lines',
    '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----',
    /nothing between its BEGIN and END lines/,
  ],
  ['an ellipsis', `${line.slice(0, 60)}…${line.slice(90)}`, /has the character "…" in its base64/],
];

describe('what keeps a key from being read is named, at every entrance', () => {
  test.each(unreadable)('%s', async (_what, given, expected) => {
    const bytes = Buffer.from(given);
    expect(parseKey(bytes)).toMatchObject({ message: expect.stringMatching(expected) });
    expect(() => toKeyProvider('privateKey', 'private', bytes)).toThrow(expected);
    if (typeof given !== 'string') return;
    expect(await importOrGenerate(given, 'RSA256')).toMatchObject({
      problem: { where: 'publicKey', message: expect.stringMatching(expected) },
    });
  });
});

test('the structure is found by the key, not by what Node accepts', () => {
  const form = (file: string) => readKey(vectorKey(`keys/${file}`))?.form;
  expect(form('merchant-ec224.private.sec1.pem')).toBe('SEC1');
  expect(form('merchant-ec224.private.pkcs8.pem')).toBe('PKCS#8');
  expect(form('merchant-v1.private.pkcs1.pem')).toBe('PKCS#1');
});
